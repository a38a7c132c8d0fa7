"""Doors and the terms of their methods, through the services; and who is told of a change."""

from collections.abc import Callable
from datetime import time, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tenants.organizations import changes
from tenants.organizations.models import Property
from tenants.premises.models import AccessMethod, AccessPoint
from tenants.premises.rules import Terms
from tenants.premises.services import devices, doors, zones
from tests import factories


def update(tenant: Property, door: AccessPoint, methods: object) -> None:
    doors.update_door(tenant=tenant, door=door, zone=door.zone, name=door.name, methods=methods)


def terms(door: AccessPoint, kind: str) -> Terms:
    return AccessMethod.objects.get(access_point=door, kind=kind).terms


class TestTerms:
    def test_a_kind_alone_is_at_the_door_all_day_and_free(self, tenant: Property) -> None:
        assert terms(factories.make_door(tenant), "card") == Terms("card")

    def test_terms_are_kept_until_others_are_given(self, tenant: Property) -> None:
        door = factories.make_door(tenant, methods=())
        update(tenant, door, {"face": {}, "card": {"fee": Decimal("2.50"), "steps": 3, "extra_papers": True}})
        update(tenant, door, ["face", "card"])
        update(tenant, door, {"face": {}, "card": {"steps": 2, "distance_m": 80}})
        assert terms(door, "card") == Terms(
            "card", fee=Decimal("2.50"), steps=2, distance_m=80, extra_papers=True, is_live=True
        )

    def test_a_method_out_of_order_stays_so_when_its_terms_change(self, tenant: Property) -> None:
        door = factories.make_door(tenant)
        card = AccessMethod.objects.get(access_point=door, kind="card")
        doors.set_method_live(tenant=tenant, method=card, is_live=False)
        update(tenant, door, {"face": {}, "card": {"steps": 2}})
        assert not terms(door, "card").is_live

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"fee": Decimal(-1)}, "card_fee"),
            ({"fee": Decimal("0.001")}, "card_fee"),
            ({"steps": 0}, "card_steps"),
            ({"distance_m": 10_000}, "card_distance_m"),
            ({"opens_at": time(6)}, "card_opens_at"),
            ({"opens_at": time(6), "closes_at": time(6)}, "card_opens_at"),
        ],
    )
    def test_impossible_terms_are_refused_beside_their_field(
        self, tenant: Property, given: dict[str, object], field: str
    ) -> None:
        with pytest.raises(ValidationError) as refused, transaction.atomic():
            factories.make_door(tenant, methods={"face": {}, "card": given})
        assert set(refused.value.error_dict) == {field}

    def test_the_database_refuses_half_given_hours(self, tenant: Property) -> None:
        door = factories.make_door(tenant)
        with pytest.raises(IntegrityError), transaction.atomic():
            AccessMethod.objects.filter(access_point=door).update(opens_at=time(6))

    def test_an_unknown_term_is_a_mistake_of_the_caller(self, tenant: Property) -> None:
        with pytest.raises(TypeError):
            factories.make_door(tenant, methods={"card": {"is_live": False}})


class TestOutOfOrder:
    def test_it_is_said_since_when(self, tenant: Property) -> None:
        card = AccessMethod.objects.get(access_point=factories.make_door(tenant), kind="card")
        since = timezone.now() - timedelta(hours=5)
        doors.set_method_live(tenant=tenant, method=card, is_live=False, since=since)
        assert AccessMethod.objects.get(pk=card.pk).out_of_order_since == since
        doors.set_method_live(tenant=tenant, method=card, is_live=True)
        assert AccessMethod.objects.get(pk=card.pk).out_of_order_since is None

    def test_not_from_a_time_to_come(self, tenant: Property) -> None:
        card = AccessMethod.objects.get(access_point=factories.make_door(tenant), kind="card")
        with pytest.raises(ValidationError) as refused:
            doors.set_method_live(
                tenant=tenant, method=card, is_live=False, since=timezone.now() + timedelta(minutes=1)
            )
        assert set(refused.value.error_dict) == {"since"}


CHANGES: dict[str, Callable[[Property, AccessPoint], object]] = {
    "create_zone": lambda t, _d: factories.make_zone(t),
    "update_zone": lambda t, d: zones.update_zone(tenant=t, zone=d.zone, name="x", kind="lobby"),
    "delete_zone": lambda t, _d: zones.delete_zone(tenant=t, zone=t.spare_zone),
    "create_door": lambda t, d: factories.make_door(t, d.zone),
    "update_door": lambda t, d: update(t, d, ["face", "card"]),
    "set_method_live": lambda t, d: doors.set_method_live(tenant=t, method=d.methods.get(kind="card"), is_live=False),
    "delete_door": lambda t, _d: doors.delete_door(tenant=t, door=t.spare_door),
    "register": lambda t, d: devices.register(tenant=t, access_point=d, name="y"),
    "update": lambda t, d: devices.update(tenant=t, device=d.devices.get(), name="z"),
    "record_sign": lambda t, d: devices.record_sign(
        tenant=t, device=d.devices.get(), taken_on=timezone.localdate(), picture=factories.sign_photo()
    ),
    "retire": lambda t, d: devices.retire(tenant=t, device=d.devices.get()),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whoever_judges_is_told_of_a_change(tenant: Property, name: str) -> None:
    device, _code = factories.make_device(tenant)
    tenant.spare_zone, tenant.spare_door = factories.make_zone(tenant), factories.make_door(tenant)
    told: list[Property] = []

    def listener(*, tenant: Property) -> None:
        told.append(tenant)

    changes.listen(listener)
    try:
        CHANGES[name](tenant, device.access_point)
    finally:
        changes._listeners.remove(listener)
    assert told == [tenant]
