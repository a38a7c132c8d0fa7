"""Places, doors and devices through their services: what the law forbids is refused, and says so."""

import pytest
from django.core.exceptions import ValidationError

from tenants.clearance.services import activate_device
from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.organizations.services.properties import update_property
from tenants.premises import pairing
from tenants.premises.kinds import PRIVATE_KINDS, DeviceState, MethodKind, SuspensionReason, ZoneKind, ZoneLevel
from tenants.premises.models import AccessMethod, Device, Zone
from tenants.premises.services import devices, doors, zones
from tests import factories


def codes(refused: pytest.ExceptionInfo[ValidationError]) -> set[str]:
    broken = refused.value
    listed = [broken.error_list] if hasattr(broken, "error_list") else broken.error_dict.values()
    return {error.code for errors in listed for error in errors}


class TestPrivatePlaces:
    @pytest.mark.parametrize("kind", sorted(PRIVATE_KINDS))
    def test_no_device_is_registered_there(self, tenant: Property, kind: ZoneKind) -> None:
        door = factories.make_door(tenant, factories.make_zone(tenant, kind))
        with pytest.raises(ValidationError) as refused:
            factories.make_device(tenant, door)
        assert codes(refused) == {"private_place"}
        assert door.zone.name in str(refused.value)
        assert not Device.objects.exists()

    @pytest.mark.parametrize("kind", sorted(PRIVATE_KINDS))
    def test_relabelling_suspends_at_once_and_nothing_switches_on_again(self, tenant: Property, kind: ZoneKind) -> None:
        device, _code = factories.make_active_device(tenant)
        zone = device.access_point.zone
        stopped = zones.update_zone(tenant=tenant, zone=zone, name=zone.name, kind=kind)
        assert [(d.pk, d.state, d.suspended_for) for d in stopped.suspended] == [
            (device.pk, DeviceState.SUSPENDED, SuspensionReason.PRIVATE_PLACE)
        ]
        with pytest.raises(ValidationError) as refused:
            activate_device(tenant=tenant, device=Device.objects.get(pk=device.pk))
        assert "private_place" in codes(refused)

    def test_a_door_that_moves_into_one_stops(self, tenant: Property) -> None:
        device, _code = factories.make_active_device(tenant)
        toilet = factories.make_zone(tenant, ZoneKind.TOILET)
        door = device.access_point
        stopped = doors.update_door(tenant=tenant, door=door, zone=toilet, name=door.name, methods=["face", "card"])
        assert [d.suspended_for for d in stopped.suspended] == [SuspensionReason.PRIVATE_PLACE]

    @pytest.mark.parametrize("role", Role)
    def test_no_role_is_asked(self, role: Role) -> None:
        """The services take no actor for it: there is nobody whose word could count."""
        import inspect

        for service in (devices.register, activate_device, zones.update_zone):
            assert not {"actor", "user", "role", "force", "override"} & set(inspect.signature(service).parameters)

    def test_an_unknown_kind_of_place_is_refused(self, tenant: Property) -> None:
        with pytest.raises(ValidationError):
            zones.create_zone(tenant=tenant, name="秘密", kind="secret")


class TestOtherWays:
    def activated(self, tenant: Property, *methods: MethodKind) -> Device:
        factories.make_lawful(tenant)
        device, _code = factories.make_device(tenant, factories.make_door(tenant, methods=methods))
        return activate_device(tenant=tenant, device=device)

    def test_a_face_only_door_is_not_switched_on(self, tenant: Property) -> None:
        with pytest.raises(ValidationError) as refused:
            self.activated(tenant, MethodKind.FACE)
        assert codes(refused) == {"face_only"}

    def test_a_door_that_hides_its_face_method_is_not_switched_on(self, tenant: Property) -> None:
        with pytest.raises(ValidationError) as refused:
            self.activated(tenant, MethodKind.CARD)
        assert codes(refused) == {"face_not_a_method"}

    def test_every_blocker_is_named_at_once(self, tenant: Property) -> None:
        device, _code = factories.make_device(tenant, factories.make_door(tenant, methods=()))
        with pytest.raises(ValidationError) as refused:
            activate_device(tenant=tenant, device=device)
        assert codes(refused) == {"face_only", "face_not_a_method", "no_notice", "no_assessment"}

    def test_the_last_other_way_that_fails_stops_the_device(self, tenant: Property) -> None:
        device = self.activated(tenant, MethodKind.FACE, MethodKind.CARD, MethodKind.PIN)
        card, pin = (AccessMethod.objects.get(tenant=tenant, kind=kind) for kind in ("card", "pin"))
        assert not doors.set_method_live(tenant=tenant, method=card, is_live=False)
        assert card.out_of_order_since is not None
        stopped = doors.set_method_live(tenant=tenant, method=pin, is_live=False)
        assert [(d.pk, d.suspended_for) for d in stopped.suspended] == [(device.pk, SuspensionReason.NO_ALTERNATIVE)]
        mended = doors.set_method_live(tenant=tenant, method=card, is_live=True)
        assert [d.pk for d in mended.resumed] == [device.pk]
        assert AccessMethod.objects.get(pk=card.pk).out_of_order_since is None
        assert Device.objects.get(pk=device.pk).state == DeviceState.ACTIVE, "What the gate stopped starts when mended"

    def test_taking_the_other_way_off_the_door_stops_the_device(self, tenant: Property) -> None:
        device = self.activated(tenant, MethodKind.FACE, MethodKind.CARD)
        door = device.access_point
        stopped = doors.update_door(tenant=tenant, door=door, zone=door.zone, name=door.name, methods=["face"])
        assert [d.pk for d in stopped.suspended] == [device.pk]

    def test_another_place_of_storage_needs_another_notice_first(self, tenant: Property) -> None:
        device = self.activated(tenant, MethodKind.FACE, MethodKind.CARD)
        devices.suspend(tenant=tenant, device=device)
        update_property(tenant=tenant, storage_mode="on_device")
        with pytest.raises(ValidationError) as refused:
            activate_device(tenant=tenant, device=Device.objects.get(pk=device.pk))
        assert codes(refused) == {"notice_other_storage", "assessment_stale", "storage_not_assessed"}


class TestPairingCodes:
    def test_a_code_is_shown_once_and_stored_as_a_hash(self, tenant: Property) -> None:
        device, text = factories.make_device(tenant)
        code = pairing.parse(text)
        assert code is not None
        assert (code.tenant_id, code.device_id) == (tenant.pk, device.pk)
        assert code.proves(device.pairing_hash)
        assert code.secret not in "".join(str(value) for value in vars(device).values())

    def test_a_new_code_ends_the_old_one_at_once(self, tenant: Property) -> None:
        device, old = factories.make_device(tenant)
        new = devices.issue_pairing_code(tenant=tenant, device=device)
        stored = Device.objects.get(pk=device.pk).pairing_hash
        assert not pairing.parse(old).proves(stored)
        assert pairing.parse(new).proves(stored)

    def test_a_retired_device_gets_no_new_one(self, tenant: Property) -> None:
        device, _code = factories.make_device(tenant)
        device = devices.retire(tenant=tenant, device=device)
        with pytest.raises(ValidationError) as refused:
            devices.issue_pairing_code(tenant=tenant, device=device)
        assert codes(refused) == {"retired"}

    @pytest.mark.parametrize("text", ["", "cpc_", "cpc_x_y_z", "abc_1_2_3", "cpc_" + "0" * 32, "\x00", "cpc_é_é_é"])
    def test_what_is_no_code_is_none(self, text: str) -> None:
        assert pairing.parse(text) is None

    def test_one_devices_secret_proves_no_other(self, tenant: Property) -> None:
        (one, one_text), (two, _text) = factories.make_device(tenant), factories.make_device(tenant)
        assert pairing.parse(one_text).proves(one.pairing_hash)
        assert not pairing.parse(one_text).proves(two.pairing_hash)


class TestRecords:
    def test_a_retired_device_never_comes_back(self, tenant: Property) -> None:
        device, _code = factories.make_active_device(tenant)
        device = devices.retire(tenant=tenant, device=device)
        for act in (activate_device, devices.suspend, devices.retire):
            with pytest.raises(ValidationError) as refused:
                act(tenant=tenant, device=device)
            assert codes(refused) == {"wrong_state"}

    def test_a_door_that_had_a_device_and_its_zone_stay(self, tenant: Property) -> None:
        device, _code = factories.make_device(tenant)
        with pytest.raises(ValidationError) as refused:
            doors.delete_door(tenant=tenant, door=device.access_point)
        assert codes(refused) == {"door_in_use"}
        with pytest.raises(ValidationError) as refused:
            zones.delete_zone(tenant=tenant, zone=device.access_point.zone)
        assert codes(refused) == {"zone_in_use"}

    def test_an_empty_door_and_an_empty_zone_go(self, tenant: Property) -> None:
        door = factories.make_door(tenant)
        zone = door.zone
        doors.delete_door(tenant=tenant, door=door)
        zones.delete_zone(tenant=tenant, zone=zone)
        assert not Zone.objects.exists()

    def test_a_name_is_taken_where_it_stands_and_free_elsewhere(self, tenant: Property) -> None:
        first, second = (factories.make_zone(tenant, name=name, level=ZoneLevel.BUILDING) for name in ("一号", "二号"))
        for parent in (first, second, None):
            hall = factories.make_zone(tenant, name="一层", parent=parent)
            factories.make_door(tenant, hall, name="东门")
            with pytest.raises(ValidationError) as refused:
                factories.make_zone(tenant, name="一层", parent=parent)
            assert codes(refused) == {"name_taken"}
            with pytest.raises(ValidationError) as refused:
                factories.make_door(tenant, hall, name="东门")
            assert codes(refused) == {"name_taken"}

    def test_a_zone_that_moves_beside_one_of_its_name_is_refused(self, tenant: Property) -> None:
        tower = factories.make_zone(tenant, level=ZoneLevel.BUILDING)
        factories.make_zone(tenant, name="一层", parent=tower)
        zone = factories.make_zone(tenant, name="一层")
        with pytest.raises(ValidationError) as refused:
            zones.update_zone(tenant=tenant, zone=zone, name=zone.name, kind=zone.kind, parent=tower)
        assert codes(refused) == {"name_taken"}

    def test_another_property_may_use_the_same_names(self, tenant: Property) -> None:
        factories.make_zone(tenant, name="大厅")
        other = factories.make_property()
        assert factories.make_zone(other, name="大厅").tenant == other

    def test_rows_of_another_property_are_refused(self, tenant: Property) -> None:
        other = factories.make_property()
        foreign_zone = factories.make_zone(other)
        foreign_door = factories.make_door(other, foreign_zone)
        attempts = [
            lambda: doors.create_door(tenant=tenant, zone=foreign_zone, name="门"),
            lambda: factories.make_device(tenant, foreign_door),
            lambda: zones.update_zone(tenant=tenant, zone=foreign_zone, name="x", kind="lobby"),
            lambda: doors.delete_door(tenant=tenant, door=foreign_door),
        ]
        for attempt in attempts:
            with pytest.raises(ValidationError) as refused:
                attempt()
            assert codes(refused) == {"different_tenants"}
