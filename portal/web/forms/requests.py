"""Confirming, answering and refusing a request."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tenants.people.models import Person

COMPLAINT = _(
    "If you do not agree, you can complain to the cyberspace administration (phone 12377) or to the public security"
    " organ, or bring a case before a people's court (PIPL Art 50)."
)


class ConfirmForm(forms.Form):
    """The choices are this property's people only."""

    person = forms.ModelChoiceField(
        queryset=Person.objects.none(),
        widget=forms.HiddenInput,
        error_messages={"required": _("Choose the person."), "invalid_choice": _("Choose the person.")},
    )

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("What you tell the person"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The person reads this with the tracking code."),
    )


class RefuseForm(forms.Form):
    text = forms.CharField(
        label=_("Why the request is refused"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Name the reason and the rule it stands on. The person reads this with the tracking code."),
    )
    complaint = forms.CharField(
        label=_("How to complain"),
        max_length=900,
        initial=COMPLAINT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A refusal without this is not valid (PIPL Art 50)."),
    )
