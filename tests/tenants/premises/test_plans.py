"""Floor plans: what can be placed where, and that a plan takes nothing else with it."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.premises.kinds import ZoneLevel
from tenants.premises.models import AccessPoint, FloorPlan, PlanMark, Zone
from tenants.premises.services import plans, zones
from tests import factories

HERE, THERE = (Decimal("10.5"), Decimal("20")), (Decimal(0), Decimal(100))


@pytest.fixture
def tower(tenant: Property) -> Zone:
    return factories.make_zone(tenant, level=ZoneLevel.BUILDING)


@pytest.fixture
def plan(tenant: Property, tower: Zone) -> FloorPlan:
    return plans.save_plan(tenant=tenant, zone=tower, picture=factories.sign_photo(), width=48, height=32)


def placed(plan: FloorPlan) -> dict[object, tuple[Decimal, Decimal]]:
    return {mark.zone_id or mark.door_id: (mark.x, mark.y) for mark in plan.marks.all()}


def test_what_lies_in_the_zone_is_placed_moved_and_taken_off(tenant: Property, tower: Zone, plan: FloorPlan) -> None:
    hall = factories.make_zone(tenant, parent=tower)
    door = factories.make_door(tenant, hall)
    assert [[row.pk for row in rows] for rows in plans.items(tower)] == [[hall.pk], [door.pk]]
    plans.place(tenant=tenant, plan=plan, points={hall.pk: HERE, door.pk: THERE})
    plans.place(tenant=tenant, plan=plan, points={door.pk: HERE})
    assert placed(plan) == {hall.pk: HERE, door.pk: HERE}, "What is not named stays"
    plans.place(tenant=tenant, plan=plan, points={door.pk: None})
    assert placed(plan) == {hall.pk: HERE}


@pytest.mark.parametrize("what", ["the zone itself", "elsewhere", "foreign"])
def test_what_lies_elsewhere_is_not_placed(tenant: Property, tower: Zone, plan: FloorPlan, what: str) -> None:
    pk = {
        "the zone itself": lambda: tower.pk,
        "elsewhere": lambda: factories.make_door(tenant).pk,
        "foreign": lambda: factories.make_door(factories.make_property()).pk,
    }[what]()
    enter_tenant(tenant.pk)
    with pytest.raises(ValidationError) as refused:
        plans.place(tenant=tenant, plan=plan, points={pk: HERE})
    assert refused.value.code == "elsewhere"


@pytest.mark.parametrize("point", [(Decimal(-1), Decimal(0)), (Decimal(0), Decimal("100.1"))])
def test_nothing_is_placed_beside_the_picture(
    tenant: Property, tower: Zone, plan: FloorPlan, point: tuple[Decimal, Decimal]
) -> None:
    door = factories.make_door(tenant, tower)
    with pytest.raises(ValidationError):
        plans.place(tenant=tenant, plan=plan, points={door.pk: point})
    plans.place(tenant=tenant, plan=plan, points={door.pk: HERE})
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanMark.objects.update(x=point[0], y=point[1])


def test_another_picture_keeps_what_was_placed(tenant: Property, tower: Zone, plan: FloorPlan) -> None:
    door = factories.make_door(tenant, tower)
    plans.place(tenant=tenant, plan=plan, points={door.pk: HERE})
    again = plans.save_plan(tenant=tenant, zone=tower, picture=factories.sign_photo(), width=100, height=50)
    assert (again.pk, again.width, placed(again)) == (plan.pk, 100, {door.pk: HERE})


@pytest.mark.parametrize("picture", [b"", b"<svg/>", b"\xff\xd8\xff" + bytes(3_000_000)])
def test_what_is_no_picture_is_refused(tenant: Property, tower: Zone, picture: bytes) -> None:
    with pytest.raises(ValidationError) as refused:
        plans.save_plan(tenant=tenant, zone=tower, picture=picture, width=1, height=1)
    assert set(refused.value.error_dict) == {"picture"}


def test_a_plan_goes_alone_and_goes_with_its_zone(tenant: Property, tower: Zone, plan: FloorPlan) -> None:
    hall = factories.make_zone(tenant, parent=tower)
    door = factories.make_door(tenant, hall)
    plans.place(tenant=tenant, plan=plan, points={hall.pk: HERE, door.pk: HERE})
    plans.remove_plan(tenant=tenant, plan=plan)
    assert AccessPoint.objects.filter(pk=door.pk).exists()
    empty = factories.make_zone(tenant)
    plans.save_plan(tenant=tenant, zone=empty, picture=factories.sign_photo(), width=48, height=32)
    zones.delete_zone(tenant=tenant, zone=empty)
    assert not FloorPlan.objects.exists()
