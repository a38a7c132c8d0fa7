"""Forms of floor plans: the picture, and where each thing is on it."""

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.web.pictures import rewrite
from tenants.premises.models import AccessPoint, PlanMark, Zone


class PlanForm(forms.Form):
    """The picture of a place. What is in the file is judged by its content."""

    # An empty file comes through, so that it gets its own sentence.
    picture = forms.FileField(
        label=_("Floor plan"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("A drawing or a screenshot: JPEG, PNG or WebP, at most 3 MB. No names of residents on it."),
    )

    def clean_picture(self) -> bytes:
        return rewrite(self.cleaned_data["picture"].read())


def _percent(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=0,
        max_value=100,
        max_digits=4,
        decimal_places=1,
        widget=forms.NumberInput(attrs={"step": "0.1", "inputmode": "decimal"}),
    )


class PlacesForm(forms.Form):
    """Two numbers for each zone and door: percent from the left and from the top. Both empty: not on the plan."""

    def __init__(
        self, *args: Any, items: Sequence[Zone | AccessPoint], marks: Sequence[PlanMark], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        placed = {mark.zone_id or mark.door_id: mark for mark in marks}
        for item in items:
            mark = placed.get(item.pk)
            for name, label in (("x", _("from the left (%)")), ("y", _("from the top (%)"))):
                self.fields[f"{name}_{item.pk.hex}"] = _percent(format_lazy("{}: {}", item.name, label))
                if mark is not None:
                    self.initial[f"{name}_{item.pk.hex}"] = getattr(mark, name)

    def clean(self) -> dict[str, Any]:
        """Return `points` as the service takes them."""
        given = super().clean() or self.cleaned_data
        points: dict[uuid.UUID, tuple[Decimal, Decimal] | None] = {}
        for item in self.items:
            if not any(f"{name}_{item.pk.hex}" in self.data for name in "xy"):
                continue  # It came onto the page after the form was opened: what is not said stays.
            x, y = (given.get(f"{name}_{item.pk.hex}") for name in "xy")
            if (x is None) != (y is None) and not any(f"{name}_{item.pk.hex}" in self.errors for name in "xy"):
                empty = "x" if x is None else "y"
                self.add_error(f"{empty}_{item.pk.hex}", ValidationError(_("Give both numbers, or none."), code="half"))
            points[item.pk] = None if x is None or y is None else (x, y)
        return {"points": points}

    def rows(self) -> list[dict[str, Any]]:
        """Return a row a thing, numbered as it is on the plan."""
        return [
            {
                "number": number,
                "item": item,
                "is_zone": isinstance(item, Zone),
                "is_private": (item if isinstance(item, Zone) else item.zone).is_private,
                "x": self[f"x_{item.pk.hex}"],
                "y": self[f"y_{item.pk.hex}"],
            }
            for number, item in enumerate(self.items, start=1)
        ]
