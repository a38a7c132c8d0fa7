"""The form that registers a terminal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms.premises import DoorChoices
from tenants.organizations.models import Property
from tenants.premises.kinds import DeviceMode
from tenants.premises.models import AccessPoint


class DeviceForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the device"), max_length=80, help_text=_("As staff call it, such as “East gate, terminal A”.")
    )
    access_point = DoorChoices(
        label=_("Door"),
        queryset=AccessPoint.objects.none(),
        empty_label=_("Choose"),
        help_text=_("Never in a private place: hotel room, bath, toilet, changing room or the like (Measures Art 13)."),
    )
    mode = forms.ChoiceField(
        label=_("What the device does"),
        choices=DeviceMode.choices,
        initial=DeviceMode.VERIFY,
        widget=forms.RadioSelect(attrs={"class": "choices-row"}),
        help_text=_("Choose 1:1 when it is enough: it touches nobody else's face."),
    )
    vendor = forms.CharField(label=_("Vendor"), max_length=80, required=False)
    model = forms.CharField(label=_("Model"), max_length=80, required=False)
    serial = forms.CharField(label=_("Serial number"), max_length=80, required=False)

    def __init__(self, *args: Any, tenant: Property, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        doors = AccessPoint.objects.filter(tenant=tenant).select_related("zone").order_by("zone__name", "name")
        self.fields["access_point"].queryset = doors
