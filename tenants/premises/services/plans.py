"""Floor plans: put a picture of a place down, and place on it what is in it."""

import uuid
from collections.abc import Mapping
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant
from tenants.premises.models import AccessPoint, FloorPlan, PlanMark, Zone, inside

# A picture larger than this only fills the table; what came in was made smaller by the door that took it.
MAX_PLAN_BYTES = 3_000_000
JPEG_START = b"\xff\xd8\xff"
Point = tuple[Decimal, Decimal]


@transaction.atomic
def save_plan(*, tenant: Property, zone: Zone, picture: bytes, width: int, height: int) -> FloorPlan:
    """Give a place its picture, or another one; what was placed stays. Raises ValidationError.

    `picture` is a JPEG without metadata of `width` by `height` pixels.
    """
    require_same_tenant(tenant, zone)
    if len(picture) > MAX_PLAN_BYTES:
        raise ValidationError({"picture": ValidationError(_("The picture is too large (3 MB)."), code="too_large")})
    if not picture.startswith(JPEG_START):
        raise ValidationError({"picture": ValidationError(_("This is not a picture."), code="not_a_picture")})
    Zone.objects.select_for_update().get(pk=zone.pk)
    plan = FloorPlan.objects.filter(zone=zone).first() or FloorPlan(tenant=tenant, zone=zone)
    plan.picture, plan.width, plan.height = picture, width, height
    plan.save()
    return plan


@transaction.atomic
def place(*, tenant: Property, plan: FloorPlan, points: Mapping[uuid.UUID, Point | None]) -> None:
    """Place zones and doors on a plan by their ids; None takes one off. What is not named stays.

    Raises ValidationError, code `elsewhere`, for what does not lie in the plan's zone.
    """
    require_same_tenant(tenant, plan)
    plan = FloorPlan.objects.select_for_update(of=("self",)).select_related("zone").get(pk=plan.pk)
    zones, doors = items(plan.zone)
    known: dict[uuid.UUID, Zone | AccessPoint] = {zone.pk: zone for zone in zones}
    known.update({door.pk: door for door in doors})
    if points.keys() - known.keys():
        raise ValidationError(_("This does not lie in the place of the plan."), code="elsewhere")
    marks = {mark.zone_id or mark.door_id: mark for mark in plan.marks.all()}
    for pk, point in points.items():
        mark = marks.get(pk)
        if point is None:
            if mark is not None:
                mark.delete()
            continue
        if mark is None:
            row = known[pk]
            mark = PlanMark(tenant=tenant, plan=plan, **{"zone" if isinstance(row, Zone) else "door": row})
        if (mark.x, mark.y) != point:
            mark.x, mark.y = point
            mark.full_clean()
            mark.save()


@transaction.atomic
def remove_plan(*, tenant: Property, plan: FloorPlan) -> None:
    """Take a plan away with what was placed on it."""
    require_same_tenant(tenant, plan)
    plan.delete()


def items(zone: Zone) -> tuple[list[Zone], list[AccessPoint]]:
    """Return what can be placed on the plan of a zone: the zones in it, and the doors in it and in those."""
    zones = Zone.objects.filter(inside(zone), ~Q(pk=zone.pk)).select_related(Zone.CHAIN).in_tree()
    doors = AccessPoint.objects.filter(inside(zone, "zone__")).select_related(f"zone__{Zone.CHAIN}").order_by("name")
    return list(zones), list(doors)
