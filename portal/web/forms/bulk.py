"""What is asked before something is done to many."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.web.bulk import Action
from portal.web.reads.request_pages import members_who_answer
from tenants.organizations.models import Property
from tenants.people import senders
from tenants.people.kinds import PromptChannel


class BulkForm(forms.Form):
    """Has the fields that the action names; `answers` are their values as they travel to a worker."""

    channel = forms.ChoiceField(label=_("By"))
    day = forms.DateField(label=_("Last day of the stay"), widget=forms.DateInput(attrs={"type": "date"}))
    to = forms.ModelChoiceField(label=_("Assigned to"), queryset=None)

    def __init__(self, *args: Any, action: Action, tenant: Property, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = [(name, PromptChannel(name).label) for name in senders.channels()]
        self.fields["to"].queryset = members_who_answer(tenant)
        for name in set(self.fields) - set(action.fields):
            del self.fields[name]

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a day to come."), code="past")
        return day

    @property
    def answers(self) -> dict[str, str]:
        return {name: str(value.pk if hasattr(value, "pk") else value) for name, value in self.cleaned_data.items()}

    @property
    def shown(self) -> list[tuple[Any, Any]]:
        """What was asked and answered, in words."""
        names = dict(getattr(self.fields.get("channel"), "choices", ()))
        return [(self.fields[name].label, names.get(value, value)) for name, value in self.cleaned_data.items()]
