"""Two members at the same moment: never an active device where none may be, whoever comes first."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tenants.clearance.services import activate_device
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.organizations.services.properties import release_faces, stop_faces
from tenants.premises.kinds import DeviceState, MethodKind, ZoneKind, ZoneLevel
from tenants.premises.models import AccessMethod, AccessPoint, Device, Zone
from tenants.premises.services import devices, doors, zones
from tests import factories
from tests.architecture.catalogue import query
from tests.threads import Job, interleave

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site() -> Property:
    with transaction.atomic():
        tenant = factories.make_property()
        factories.make_lawful(tenant)
        door = factories.make_door(tenant, methods=(MethodKind.FACE, MethodKind.CARD, MethodKind.PIN))
        factories.make_device(tenant, door)
    return tenant


AT_THE_END = "about to commit"


def job(tenant: Property, work: object, pause_before: str = "") -> Job:
    def run() -> object:
        with tenant_context(tenant.pk):
            outcome = work()
            query(f"SELECT '{AT_THE_END}'")
            return outcome

    return Job(run, pause_before=pause_before)


def activate(tenant: Property) -> object:
    return activate_device(tenant=tenant, device=Device.objects.get(tenant=tenant))


def relabel(tenant: Property) -> object:
    zone = AccessPoint.objects.select_related("zone").get(tenant=tenant).zone
    return zones.update_zone(tenant=tenant, zone=zone, name=zone.name, kind=ZoneKind.CHANGING_ROOM)


def break_method(tenant: Property, kind: MethodKind) -> object:
    return doors.set_method_live(
        tenant=tenant, method=AccessMethod.objects.get(tenant=tenant, kind=kind), is_live=False
    )


def state(tenant: Property) -> str:
    with tenant_context(tenant.pk):
        return Device.objects.get(tenant=tenant).state


ACTIVATING, RELABELLING = 'UPDATE "premises_device"', 'UPDATE "premises_zone"'


def test_a_zone_that_becomes_private_while_its_device_is_switched_on(site: Property) -> None:
    activated, relabelled = interleave(
        job(site, lambda: activate(site), pause_before=ACTIVATING), job(site, lambda: relabel(site))
    )
    assert activated.state == DeviceState.ACTIVE
    assert [device.state for device in relabelled.suspended] == [DeviceState.SUSPENDED]
    assert state(site) == DeviceState.SUSPENDED


def test_a_device_that_is_switched_on_while_its_zone_becomes_private(site: Property) -> None:
    _relabelled, refused = interleave(
        job(site, lambda: relabel(site), pause_before=RELABELLING), job(site, lambda: activate(site))
    )
    assert isinstance(refused, ValidationError)
    assert state(site) == DeviceState.REGISTERED


@pytest.fixture
def tower(site: Property) -> Zone:
    """A place around the zone of the device."""
    with tenant_context(site.pk):
        tower = factories.make_zone(site, level=ZoneLevel.BUILDING)
        zone = AccessPoint.objects.select_related("zone").get(tenant=site).zone
        zones.update_zone(tenant=site, zone=zone, name=zone.name, kind=zone.kind, parent=tower)
    return tower


def relabel_around(tenant: Property, tower: Zone) -> object:
    return zones.update_zone(tenant=tenant, zone=tower, name=tower.name, kind=ZoneKind.BATH)


def relabel_by_hand(tower: Zone) -> object:
    """By a statement that asks no service: only the database can see that it must wait."""
    Zone.objects.filter(pk=tower.pk).update(kind=ZoneKind.BATH)
    return query("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_building_that_becomes_private_while_a_device_in_it_is_switched_on(site: Property, tower: Zone) -> None:
    activated, relabelled = interleave(
        job(site, lambda: activate(site), pause_before=ACTIVATING), job(site, lambda: relabel_around(site, tower))
    )
    assert activated.state == DeviceState.ACTIVE
    assert [device.state for device in relabelled.suspended] == [DeviceState.SUSPENDED]
    assert state(site) == DeviceState.SUSPENDED


def test_a_device_that_is_switched_on_while_the_building_around_it_becomes_private(site: Property, tower: Zone) -> None:
    _relabelled, refused = interleave(
        job(site, lambda: relabel_around(site, tower), pause_before=RELABELLING), job(site, lambda: activate(site))
    )
    assert isinstance(refused, ValidationError)
    assert "private_place" in {error.code for error in refused.error_list}
    assert state(site) == DeviceState.REGISTERED


def test_a_building_relabelled_past_the_services_while_a_device_in_it_is_switched_on(
    site: Property, tower: Zone
) -> None:
    activated, refused = interleave(
        job(site, lambda: activate(site), pause_before=AT_THE_END), job(site, lambda: relabel_by_hand(tower))
    )
    assert activated.state == DeviceState.ACTIVE
    assert isinstance(refused, IntegrityError)
    with tenant_context(site.pk):
        assert Zone.objects.get(pk=tower.pk).kind == ZoneKind.LOBBY


def test_a_device_switched_on_while_the_building_is_relabelled_past_the_services(site: Property, tower: Zone) -> None:
    _relabelled, refused = interleave(
        job(site, lambda: relabel_by_hand(tower), pause_before=AT_THE_END), job(site, lambda: activate(site))
    )
    assert isinstance(refused, Exception)
    assert state(site) == DeviceState.REGISTERED


def test_a_door_that_moves_into_a_zone_that_becomes_private(site: Property) -> None:
    with tenant_context(site.pk):
        activate(site)
        hall = factories.make_zone(site, name="新厅")

    def move() -> object:
        door = AccessPoint.objects.get(tenant=site)
        return doors.update_door(
            tenant=site, door=door, zone=Zone.objects.get(pk=hall.pk), name="东门", methods=["face", "card"]
        )

    def become_private() -> object:
        return zones.update_zone(tenant=site, zone=hall, name="新厅", kind=ZoneKind.BATH)

    outcomes = interleave(job(site, move, pause_before='INSERT INTO "auditlog_logentry"'), job(site, become_private))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert state(site) == DeviceState.SUSPENDED


def test_a_zone_that_becomes_private_while_a_door_moves_into_it(site: Property) -> None:
    with tenant_context(site.pk):
        activate(site)
        hall = factories.make_zone(site, name="新厅")

    def move() -> object:
        door = AccessPoint.objects.get(tenant=site)
        return doors.update_door(
            tenant=site, door=door, zone=Zone.objects.get(pk=hall.pk), name="东门", methods=["face", "card"]
        )

    def become_private() -> object:
        return zones.update_zone(tenant=site, zone=hall, name="新厅", kind=ZoneKind.BATH)

    outcomes = interleave(job(site, become_private, pause_before='FROM "premises_device"'), job(site, move))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert state(site) == DeviceState.SUSPENDED


def test_the_last_two_other_ways_that_fail_at_once(site: Property) -> None:
    with tenant_context(site.pk):
        activate(site)
    outcomes = interleave(
        job(
            site,
            lambda: break_method(site, MethodKind.CARD),
            pause_before=AT_THE_END,
        ),
        job(site, lambda: break_method(site, MethodKind.PIN)),
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert state(site) == DeviceState.SUSPENDED


def test_the_last_other_way_that_fails_while_the_device_is_switched_on(site: Property) -> None:
    with tenant_context(site.pk):
        break_method(site, MethodKind.PIN)
    interleave(
        job(site, lambda: activate(site), pause_before=ACTIVATING),
        job(site, lambda: break_method(site, MethodKind.CARD)),
    )
    assert state(site) == DeviceState.SUSPENDED


@pytest.fixture
def waiting(site: Property) -> Property:
    """The device is off because its capture area is empty; once that is mended the gate starts it by itself."""
    with tenant_context(site.pk):
        activate(site)
        devices.update(tenant=site, device=Device.objects.get(tenant=site), capture_area="")
    assert state(site) == DeviceState.SUSPENDED
    return site


def mend(tenant: Property) -> object:
    return devices.update(tenant=tenant, device=Device.objects.get(tenant=tenant), capture_area="门前一米")


def break_card(tenant: Property) -> object:
    return break_method(tenant, MethodKind.CARD)


def release(tenant: Property) -> object:
    return release_faces(tenant=Property.objects.get(pk=tenant.pk))


def nobody_gave_way(*outcomes: object) -> None:
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]


@pytest.mark.parametrize("pause", [ACTIVATING, AT_THE_END])
def test_a_zone_that_becomes_private_while_all_faces_are_released(site: Property, pause: str) -> None:
    with tenant_context(site.pk):
        activate(site)
        stop_faces(tenant=Property.objects.get(pk=site.pk), reason="法院裁定")
    nobody_gave_way(*interleave(job(site, lambda: release(site), pause_before=pause), job(site, lambda: relabel(site))))
    assert state(site) == DeviceState.SUSPENDED


@pytest.mark.parametrize("pause", [RELABELLING, AT_THE_END])
def test_all_faces_that_are_released_while_a_zone_becomes_private(site: Property, pause: str) -> None:
    with tenant_context(site.pk):
        activate(site)
        stop_faces(tenant=Property.objects.get(pk=site.pk), reason="法院裁定")
    nobody_gave_way(*interleave(job(site, lambda: relabel(site), pause_before=pause), job(site, lambda: release(site))))
    assert state(site) == DeviceState.SUSPENDED


@pytest.mark.parametrize("pause", [ACTIVATING, AT_THE_END])
@pytest.mark.parametrize("other", [relabel, break_card])
def test_what_stops_a_device_while_its_own_blocker_is_mended(
    waiting: Property, pause: str, other: Callable[[Property], object]
) -> None:
    with tenant_context(waiting.pk):
        break_method(waiting, MethodKind.PIN)
    nobody_gave_way(
        *interleave(job(waiting, lambda: mend(waiting), pause_before=pause), job(waiting, lambda: other(waiting)))
    )
    assert state(waiting) == DeviceState.SUSPENDED


@pytest.mark.parametrize("other", [relabel, break_card])
def test_a_blocker_that_is_mended_while_another_comes(waiting: Property, other: Callable[[Property], object]) -> None:
    with tenant_context(waiting.pk):
        break_method(waiting, MethodKind.PIN)
    nobody_gave_way(
        *interleave(job(waiting, lambda: other(waiting), pause_before=AT_THE_END), job(waiting, lambda: mend(waiting)))
    )
    assert state(waiting) == DeviceState.SUSPENDED


def test_a_zone_that_is_removed_while_it_is_changed(site: Property) -> None:
    with tenant_context(site.pk):
        hall = factories.make_zone(site)
    _gone, refused = interleave(
        job(site, lambda: zones.delete_zone(tenant=site, zone=hall), pause_before=AT_THE_END),
        job(site, lambda: zones.update_zone(tenant=site, zone=hall, name="新厅", kind=ZoneKind.LOBBY)),
    )
    assert isinstance(refused, ValidationError)
    assert refused.code == "gone"
