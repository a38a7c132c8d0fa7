"""Forms of zones. Choices come from the property at hand."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms.duties import Duty, explains
from tenants.organizations.models import Property
from tenants.premises.kinds import PRIVATE_KINDS, ZoneKind, ZoneLevel
from tenants.premises.models import AccessPoint, Zone

_OPEN = [(kind.value, kind.label) for kind in ZoneKind if kind not in PRIVATE_KINDS]
_PRIVATE = [(kind.value, kind.label) for kind in ZoneKind if kind in PRIVATE_KINDS]


class ParentChoice(forms.ModelChoiceField):
    def label_from_instance(self, zone: Zone) -> str:
        return f"{zone.path} ({zone.get_level_display()})"


@explains(
    kind=Duty(
        "Art 13",
        _("The kind decides whether a face device may be here at all."),
        _(
            "In hotel rooms, baths, toilets, changing, nursing, fitting, dormitory and treatment rooms "
            "nobody may be filmed for their face, with anybody's consent. If a place becomes one of "
            "these, its devices stop at once."
        ),
    ),
    parent=Duty("Art 13"),
)
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
    level = forms.ChoiceField(
        label=_("Level"),
        choices=ZoneLevel.choices,
        initial=ZoneLevel.AREA,
        required=False,
        help_text=_("A site holds buildings, a building floors, a floor areas. Levels in between may be left out."),
    )
    parent = ParentChoice(
        label=_("Lies in"),
        queryset=Zone.objects.none(),
        required=False,
        empty_label=_("Nothing larger"),
        help_text=_("What lies in a private place is private too."),
    )

    def __init__(self, *args: Any, tenant: Property, zone: Zone | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        larger = Zone.objects.filter(tenant=tenant).exclude(level=ZoneLevel.AREA).select_related(Zone.CHAIN).in_tree()
        self.fields["parent"].queryset = larger.exclude(pk=zone.pk) if zone else larger

    def clean_level(self) -> str:
        return self.cleaned_data["level"] or ZoneLevel.AREA


class ZoneChoice(forms.ModelChoiceField):
    def label_from_instance(self, zone: Zone) -> str:
        return f"{zone.path} ({zone.get_kind_display()})"


class DoorChoices(forms.ModelChoiceField):
    """Doors grouped by their zone; a private zone says so."""

    def label_from_instance(self, door: AccessPoint) -> str:
        private = _("private place")
        return f"{door.path} ({private})" if door.zone.is_private else door.path
