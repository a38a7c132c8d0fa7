"""What a person sends from their own page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms.public import require_correction
from tenants.people.kinds import ConsentDecision
from tenants.rights.kinds import RequestKind


class AnswerForm(forms.Form):
    """One answer, with the notice that was on the screen. Nothing else may travel with a consent (Measures Art 6)."""

    notice = forms.UUIDField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=ConsentDecision, widget=forms.HiddenInput)


class AskForm(forms.Form):
    """What somebody asks from their own page. A correction says what is wrong."""

    kind = forms.ChoiceField(
        choices=RequestKind.choices,
        widget=forms.HiddenInput,
        error_messages={"required": _("Choose what you ask for."), "invalid_choice": _("Choose what you ask for.")},
    )
    message = forms.CharField(
        label=_("Anything else we should know"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        require_correction(self, data)
        return data
