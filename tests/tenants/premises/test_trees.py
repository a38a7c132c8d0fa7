"""Zones as a tree: what lies in a private place is private, and a change stops every device inside at once."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tenants.clearance.services import activate_device
from tenants.organizations.models import Property
from tenants.premises.kinds import DeviceState, SuspensionReason, ZoneKind, ZoneLevel
from tenants.premises.models import Device, Zone
from tenants.premises.rules import is_private_place
from tenants.premises.services import doors, zones
from tenants.premises.services.effects import Effects
from tests import factories


def codes(refused: pytest.ExceptionInfo[ValidationError]) -> set[str]:
    return {error.code for errors in refused.value.error_dict.values() for error in errors}


@pytest.fixture
def tree(tenant: Property) -> dict[str, Zone]:
    """One zone of every level, each in the one before."""
    made: dict[str, Zone] = {}
    parent = None
    for level in ZoneLevel:
        parent = made[level] = factories.make_zone(tenant, name=level.value, parent=parent, level=level)
    return made


def change(tenant: Property, zone: Zone, **fields: object) -> Effects:
    return zones.update_zone(tenant=tenant, zone=zone, **({"name": zone.name, "kind": zone.kind} | fields))


class TestShape:
    def test_four_levels_and_their_kinds_in_one_query(self, tenant: Property, tree: dict[str, Zone]) -> None:
        change(tenant, tree["building"], kind=ZoneKind.OFFICE)
        with CaptureQueriesContext(connection) as asked:
            kinds = zones.zone_kinds(tenant)
        assert len(asked) == 1
        assert kinds[tree["area"].pk] == ("lobby", "lobby", "office", "lobby")
        assert kinds[tree["site"].pk] == ("lobby",)
        area = Zone.objects.select_related(Zone.CHAIN).get(pk=tree["area"].pk)
        assert area.kinds == kinds[area.pk]
        assert area.path == "site › building › floor › area"

    @pytest.mark.parametrize("level", ZoneLevel)
    def test_a_zone_lies_in_a_larger_one_only(self, tenant: Property, tree: dict[str, Zone], level: ZoneLevel) -> None:
        for parent in ZoneLevel:
            fits = list(ZoneLevel).index(level) > list(ZoneLevel).index(parent)
            try:
                with transaction.atomic():
                    factories.make_zone(tenant, parent=tree[parent], level=level)
            except ValidationError as refused:
                assert set(refused.error_dict) == {"parent"}
                assert not fits
            else:
                assert fits

    def test_a_zone_cannot_move_into_one_inside_it(self, tenant: Property, tree: dict[str, Zone]) -> None:
        for level in ZoneLevel:
            with pytest.raises(ValidationError) as refused, transaction.atomic():
                change(tenant, tree["site"], parent=tree["building"], level=level)
            assert codes(refused) == {"level"}

    def test_a_zone_cannot_become_as_small_as_one_in_it(self, tenant: Property, tree: dict[str, Zone]) -> None:
        with pytest.raises(ValidationError) as refused:
            change(tenant, tree["building"], level=ZoneLevel.FLOOR)
        assert set(refused.value.error_dict) == {"level"}

    def test_what_is_not_said_stays(self, tenant: Property, tree: dict[str, Zone]) -> None:
        change(tenant, tree["floor"], name="三层")
        floor = Zone.objects.get(pk=tree["floor"].pk)
        assert (floor.parent_id, floor.level, floor.name) == (tree["building"].pk, "floor", "三层")
        change(tenant, tree["floor"], parent=None)
        assert Zone.objects.get(pk=tree["floor"].pk).parent is None

    def test_a_zone_of_another_property_is_no_parent(self, tenant: Property) -> None:
        other = factories.make_property()
        foreign = factories.make_zone(other, level=ZoneLevel.SITE)
        with pytest.raises(ValidationError) as refused:
            factories.make_zone(tenant, parent=foreign)
        assert refused.value.code == "different_tenants"

    def test_a_zone_with_zones_in_it_stays(self, tenant: Property, tree: dict[str, Zone]) -> None:
        with pytest.raises(ValidationError) as refused:
            zones.delete_zone(tenant=tenant, zone=tree["floor"])
        assert refused.value.code == "zone_has_zones"

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE premises_zone SET parent_id = id",
            "UPDATE premises_zone SET level = 'area' WHERE level = 'building'",
            "UPDATE premises_zone SET level = 'planet' WHERE level = 'area'",
            "UPDATE premises_zone z SET parent_id = c.id FROM premises_zone c WHERE c.parent_id = z.id",
        ],
    )
    def test_the_database_keeps_the_tree_whoever_writes(self, tree: dict[str, Zone], sql: str) -> None:
        with pytest.raises(IntegrityError, match="lies in a larger one"), transaction.atomic():
            connection.cursor().execute(sql)


class TestPrivatePlaces:
    def test_no_kind_at_all_counts_as_private(self) -> None:
        assert is_private_place([])

    @pytest.mark.parametrize("around", ["site", "building", "floor", "area"])
    def test_no_device_is_registered_within_one(self, tenant: Property, tree: dict[str, Zone], around: str) -> None:
        change(tenant, tree[around], kind=ZoneKind.BATH)
        door = factories.make_door(tenant, Zone.objects.get(pk=tree["area"].pk))
        with pytest.raises(ValidationError) as refused:
            factories.make_device(tenant, door)
        assert refused.value.code == "private_place"
        assert f"“{around}”" in str(refused.value) or f"“{around}”" in refused.value.messages[0]

    @pytest.mark.parametrize("around", ["site", "building", "floor", "area"])
    def test_relabelling_one_stops_what_is_inside(self, tenant: Property, tree: dict[str, Zone], around: str) -> None:
        device = self.active(tenant, tree["area"])
        elsewhere, _code = factories.make_active_device(tenant)
        stopped = change(tenant, tree[around], kind=ZoneKind.TREATMENT_ROOM)
        assert [(d.pk, d.suspended_for) for d in stopped.suspended] == [(device.pk, SuspensionReason.PRIVATE_PLACE)]
        assert Device.objects.get(pk=elsewhere.pk).state == DeviceState.ACTIVE

    def test_moving_a_zone_into_one_stops_what_is_inside(self, tenant: Property, tree: dict[str, Zone]) -> None:
        device = self.active(tenant, tree["area"])
        bath = factories.make_zone(tenant, ZoneKind.BATH, level=ZoneLevel.SITE)
        assert [d.pk for d in change(tenant, tree["building"], parent=bath).suspended] == [device.pk]

    def test_a_door_that_moves_into_a_zone_within_one_stops(self, tenant: Property, tree: dict[str, Zone]) -> None:
        device, _code = factories.make_active_device(tenant)
        change(tenant, tree["building"], kind=ZoneKind.TOILET)
        door = device.access_point
        stopped = doors.update_door(tenant=tenant, door=door, zone=tree["area"], name="门", methods=["face", "card"])
        assert [d.suspended_for for d in stopped.suspended] == [SuspensionReason.PRIVATE_PLACE]

    def test_relabelling_a_site_with_200_live_devices(self, tenant: Property, tree: dict[str, Zone]) -> None:
        """Every one is stopped, logged, and costs three statements: read what it was, write, log."""
        device = self.active(tenant, tree["area"])
        for number in range(199):
            device.pk, device.name, device._state.adding = uuid.uuid4(), f"终端 {number}", True
            Device.objects.bulk_create([device])
        with CaptureQueriesContext(connection) as asked:
            stopped = change(tenant, tree["site"], kind=ZoneKind.BATH)
        assert len(stopped.suspended) == 200
        assert not Device.objects.filter(tenant=tenant, state=DeviceState.ACTIVE).exists()
        assert len(asked) <= 3 * 200 + 30

    def active(self, tenant: Property, zone: Zone) -> Device:
        factories.make_lawful(tenant)
        device, _code = factories.make_device(tenant, factories.make_door(tenant, zone))
        return activate_device(tenant=tenant, device=device)
