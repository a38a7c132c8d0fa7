"""A pass: its days, its doors, and for a card its number."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property
from tenants.premises.models import AccessPoint


class _Doors(forms.ModelMultipleChoiceField):
    def label_from_instance(self, door: AccessPoint) -> str:
        return door.path


class PassForm(forms.Form):
    valid_from = forms.DateField(
        label=_("Valid from"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_until = forms.DateField(
        label=_("Valid until"),
        required=False,
        help_text=_("The whole day counts. Empty: until it is stopped."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    doors = _Doors(
        label=_("Only these doors"),
        queryset=AccessPoint.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose none and it opens every door of the property."),
    )

    def __init__(self, *args: Any, tenant: Property, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        doors = AccessPoint.objects.filter(tenant=tenant).select_related(AccessPoint.CHAIN)
        self.fields["doors"].queryset = doors.order_by("zone__name", "name", "pk")


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Number under the QR code"),
        max_length=16,
        help_text=_("Six digits that change every half minute, on the person's own page."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "inputmode": "numeric"}),
    )


class CardForm(PassForm):
    number = forms.CharField(
        label=_("Card number"),
        max_length=64,
        help_text=_("Hold the card to the reader at this computer, or type the number that a door reads."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    label = forms.CharField(
        label=_("Label"), max_length=40, required=False, help_text=_("To tell cards apart, such as “blue key fob”.")
    )
    field_order = ["number", "label", "valid_from", "valid_until", "doors"]
