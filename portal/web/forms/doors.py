"""The form of a door: a row of terms for each way to pass it."""

import copy
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.web.forms.duties import Duty, explains
from portal.web.forms.premises import ZoneChoice
from tenants.organizations.models import Property
from tenants.premises.kinds import MethodKind
from tenants.premises.models import AccessPoint, Zone

_TIME = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
# What is compared with the face; of the face itself only its hours and steps count (Measures Art 10).
TERMS: dict[str, forms.Field] = {
    "opens_at": forms.TimeField(label=_("from"), required=False, widget=_TIME),
    "closes_at": forms.TimeField(label=_("until"), required=False, widget=_TIME),
    "fee": forms.DecimalField(
        label=_("cost in yuan"), required=False, min_value=0, max_digits=6, decimal_places=2, initial="0"
    ),
    "steps": forms.IntegerField(label=_("steps"), required=False, min_value=1, max_value=99, initial=1),
    "distance_m": forms.IntegerField(
        label=_("distance in metres"), required=False, min_value=0, max_value=9999, initial=0
    ),
    "extra_papers": forms.BooleanField(label=_("asks for more papers"), required=False),
}
OF_THE_FACE = ("opens_at", "closes_at", "steps")


def terms_of(kind: MethodKind) -> list[str]:
    return [name for name in TERMS if kind != MethodKind.FACE or name in OF_THE_FACE]


@explains(
    zone=Duty("Art 13", _("In a private place no face device may stand.")),
    methods=Duty(
        "Art 10",
        more=_(
            "Whoever says no must pass the same door, at no cost, and for at least the same hours. When "
            "the last other way fails, the face stops here too."
        ),
    ),
)
class DoorForm(forms.Form):
    name = forms.CharField(label=_("Name of the door"), max_length=80, help_text=_("A door, gate, lift or front desk."))
    zone = ZoneChoice(label=_("Zone"), queryset=Zone.objects.none(), empty_label=_("Choose"))
    methods = forms.MultipleChoiceField(
        label=_("Ways to pass"),
        choices=MethodKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Face may never be the only way: tick every way that works here."),
    )

    def __init__(self, *args: Any, tenant: Property, door: AccessPoint | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = {method.kind: method for method in door.methods.all()} if door else {}
        self.fields["zone"].queryset = Zone.objects.filter(tenant=tenant).select_related(Zone.CHAIN).in_tree()
        for kind in MethodKind:
            for term in terms_of(kind):
                field = copy.deepcopy(TERMS[term])
                field.label = format_lazy("{}: {}", kind.label, field.label)
                self.fields[f"{kind.value}_{term}"] = field
                if kind in self.stored:
                    self.initial.setdefault(f"{kind.value}_{term}", getattr(self.stored[kind], term))

    def clean(self) -> dict[str, Any]:
        """Return `methods` as the service takes them: kind → terms. A cell left empty means the usual."""
        given = super().clean() or self.cleaned_data
        methods = {}
        for kind in given.get("methods", []):
            names = terms_of(MethodKind(kind))
            methods[kind] = {name: self._term(given.get(f"{kind}_{name}"), name) for name in names}
        return {name: given[name] for name in ("name", "zone") if name in given} | {"methods": methods}

    def _term(self, value: Any, name: str) -> Any:
        usual = {"fee": 0, "steps": 1, "distance_m": 0}
        return usual[name] if value is None and name in usual else value

    def rows(self) -> list[dict[str, Any]]:
        """Return a row a way: its tick box, its cells, and what is stored of it."""
        boxes = {box.data["value"]: box for box in self["methods"]}
        return [
            {
                "kind": kind,
                "box": boxes[kind.value],
                "stored": self.stored.get(kind),
                **{term: self[f"{kind.value}_{term}"] for term in terms_of(kind)},
            }
            for kind in MethodKind
        ]


class MethodStateForm(forms.Form):
    """Says what the method is now, so that pressing twice changes nothing."""

    is_live = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")


@explains(
    since=Duty("Art 10"),
)
class OutOfOrderForm(forms.Form):
    since = forms.DateTimeField(
        label=_("Out of order since"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text=_("Beijing time. It stands in the record of the door."),
    )
