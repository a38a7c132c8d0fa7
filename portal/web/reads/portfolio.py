"""All properties of a member side by side, from the figures counted last (docs/decisions/0024-portfolio.md)."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from tenants.organizations.models import Property
from tenants.rights.models import PropertyFigures

# Whoever stores the faces of so many people files with the provincial authority (Measures Art 15).
FILING_AT = 100_000
NEAR = 80_000
HANDLERS = 10

_TROUBLE = F("blocking") + F("overdue_requests") + F("suspended_devices") + F("silent_devices")
NEEDS_ATTENTION = Q(blocking__gt=0) | Q(overdue_requests__gt=0) | Q(suspended_devices__gt=0) | Q(silent_devices__gt=0)
SORTS = {
    "attention": _TROUBLE,
    "people": F("people"),
    "faces": F("faces"),
    "requests": F("open_requests"),
    "devices": F("active_devices") + F("suspended_devices"),
}


@dataclass(frozen=True)
class Handler:
    """What the properties of one handler come to, of those that the reader works in."""

    name: str
    properties: int
    people: int
    faces: int
    requests: int
    overdue: int
    blocking: int
    suspended: int
    silent: int

    @property
    def percent(self) -> int:
        """The share of the threshold, full only when it is reached; one face is more than nothing."""
        return min(100, max(self.faces * 100 // FILING_AT, min(self.faces, 1)))

    @property
    def tone(self) -> str:
        return "stop" if self.faces >= FILING_AT else "due" if self.faces >= NEAR else "ok"


def sorted_by(rows: QuerySet[Property], sort: str) -> QuerySet[Property]:
    """Put the properties in order; what was not counted yet comes last."""
    if sort not in SORTS:
        return rows.order_by("name", "pk")
    counted = PropertyFigures.objects.filter(tenant=OuterRef("pk")).annotate(key=SORTS[sort]).values("key")
    key = Coalesce(Subquery(counted, output_field=IntegerField()), Value(-1))
    return rows.annotate(key=key).order_by("-key", "name", "pk")


def needing_attention(rows: QuerySet[Property]) -> QuerySet[Property]:
    return rows.filter(Exists(PropertyFigures.objects.filter(NEEDS_ATTENTION, tenant=OuterRef("pk"))))


def figures_of(rows: Iterable[Property]) -> dict[uuid.UUID, PropertyFigures]:
    """Return the figures of these properties by their id. One query; the database shows a member's own only."""
    return {row.tenant_id: row for row in PropertyFigures.objects.filter(tenant__in=[row.pk for row in rows])}


def handlers(rows: QuerySet[Property]) -> list[Handler]:
    """Return the handlers of these properties, those with the most faces first. One query."""
    sums = {
        name: Coalesce(Sum(field), Value(0))
        for name, field in {
            "people_sum": "people",
            "faces_sum": "faces",
            "requests_sum": "open_requests",
            "overdue_sum": "overdue_requests",
            "blocking_sum": "blocking",
            "suspended_sum": "suspended_devices",
            "silent_sum": "silent_devices",
        }.items()
    }
    found = PropertyFigures.objects.filter(tenant__in=rows.order_by().values("pk"))
    grouped = found.values("tenant__handler_id", "tenant__handler__name").annotate(houses=Count("pk"), **sums)
    return [
        Handler(
            name=row["tenant__handler__name"],
            properties=row["houses"],
            **{name: row[f"{name}_sum"] for name in ("people", "faces", "requests", "overdue", "blocking")},
            **{name: row[f"{name}_sum"] for name in ("suspended", "silent")},
        )
        for row in grouped.order_by("-faces_sum", "tenant__handler__name")[:HANDLERS]
    ]


def faces_of(handler_id: uuid.UUID) -> int:
    """Return how many faces a handler stores in the properties that the reader works in. One query."""
    found = PropertyFigures.objects.filter(tenant__handler=handler_id).aggregate(faces=Sum("faces"))
    return found["faces"] or 0


def counted_since(figures: Iterable[PropertyFigures]) -> datetime | None:
    """Return when the oldest of these was counted."""
    return min((row.counted_at for row in figures), default=None)


def shares(*parts: tuple[str, int], width: int = 60) -> list[dict[str, Any]]:
    """Return the rectangles of a bar of `width`: each with its tone, where it begins and how wide it is.

    A part that is there is seen, however small it is.
    """
    total = sum(number for _tone, number in parts)
    bars, x = [], 0.0
    for tone, number in parts:
        if number:
            wide = round(max(number / total * width, 2.0), 1)
            wide = min(wide, width - x)
            bars.append({"tone": tone, "x": f"{x:.1f}", "width": f"{wide:.1f}"})
            x = round(x + wide, 1)
    return bars
