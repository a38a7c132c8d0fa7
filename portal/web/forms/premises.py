"""Forms of zones and doors. Choices come from the property at hand."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property
from tenants.premises.kinds import PRIVATE_KINDS, MethodKind, ZoneKind
from tenants.premises.models import AccessPoint, Zone

_OPEN = [(kind.value, kind.label) for kind in ZoneKind if kind not in PRIVATE_KINDS]
_PRIVATE = [(kind.value, kind.label) for kind in ZoneKind if kind in PRIVATE_KINDS]


class ZoneForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the zone"), max_length=80, help_text=_("As people call the place, such as “Tower 3 lobby”.")
    )
    kind = forms.ChoiceField(
        label=_("Kind of place"),
        choices=[
            ("", _("Choose")),
            (_("A face device may be here"), _OPEN),
            (_("Private place: no face device may be here (Measures Art 13)"), _PRIVATE),
        ],
    )


class ZoneChoice(forms.ModelChoiceField):
    def label_from_instance(self, zone: Zone) -> str:
        return f"{zone.name} ({zone.get_kind_display()})"


class DoorForm(forms.Form):
    name = forms.CharField(label=_("Name of the door"), max_length=80, help_text=_("A door, gate, lift or front desk."))
    zone = ZoneChoice(label=_("Zone"), queryset=Zone.objects.none(), empty_label=_("Choose"))
    methods = forms.MultipleChoiceField(
        label=_("Ways to pass"),
        choices=MethodKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices-row"}),
        help_text=_("Face may never be the only way: tick every way that works here (Measures Art 10)."),
    )

    def __init__(self, *args: Any, tenant: Property, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].queryset = Zone.objects.filter(tenant=tenant)


class MethodStateForm(forms.Form):
    """Says what the method is now, so that pressing twice changes nothing."""

    is_live = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")


class DoorChoices(forms.ModelChoiceField):
    """Doors grouped by their zone; a private zone says so."""

    def label_from_instance(self, door: AccessPoint) -> str:
        place = door.zone.name
        return f"{place} · {door.name} ({_('private place')})" if door.zone.is_private else f"{place} · {door.name}"
