"""What is known of a device: its test report, its algorithm, its sign, and what a change of it stops."""

from datetime import timedelta
from decimal import Decimal

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tenants.clearance.checks import blockers
from tenants.clearance.services import check_device
from tenants.organizations.models import Property
from tenants.premises import rules
from tenants.premises.kinds import DeviceMode, DeviceState, Passersby, SuspensionReason, ZoneKind, ZoneLevel
from tenants.premises.models import Device, DeviceSign
from tenants.premises.services import devices
from tests import factories


def codes(refused: pytest.ExceptionInfo[ValidationError]) -> set[str]:
    broken = refused.value
    named = broken.error_dict if hasattr(broken, "error_dict") else {"": broken.error_list}
    return {error.code for errors in named.values() for error in errors}


class TestReports:
    """GA/T 1093-2023 as quoted: 1:N at most 1 % and 5 %, 1:1 at most 0.1 % and 2 %, attacks at most 5 %."""

    @pytest.mark.parametrize(
        ("mode", "values", "faults"),
        [
            ("identify", ("1", "5", "5"), ()),
            ("identify", ("1.0001", "5", "5"), ("false_accept",)),
            ("identify", ("1", "5.01", "5"), ("false_reject",)),
            ("verify", ("0.1", "2", "5"), ()),
            ("verify", ("0.11", "2.01", "5.01"), ("false_accept", "false_reject", "attack_success")),
            ("verify", (None, "2", "5"), ("untested",)),
            ("verify", (None, "3", None), ("untested", "false_reject")),
            ("identify", (None, None, None), ("untested",)),
            ("watch", ("1", "2", "5"), ("false_accept",)),
        ],
    )
    def test_a_value_beyond_its_limit_is_a_fault(
        self, mode: str, values: tuple[str | None, ...], faults: tuple[str, ...]
    ) -> None:
        assert rules.test_faults(mode, *(value and Decimal(value) for value in values)) == faults


@pytest.mark.parametrize(
    ("name", "version", "generation"),
    [
        ("ArcFace", "3.2.1", "ArcFace 3"),
        ("ArcFace", "v4", "ArcFace 4"),
        ("ArcFace", "", "ArcFace"),
        ("ArcFace", "2024-05", "ArcFace 2024"),
        ("", "3.2", ""),
    ],
)
def test_an_assessment_speaks_of_a_generation_of_an_algorithm(name: str, version: str, generation: str) -> None:
    assert rules.algorithm_generation(name, version) == generation


class TestChanges:
    @pytest.mark.parametrize(
        "change",
        [{"vendor": "另一厂商"}, {"algorithm": "Other"}, {"algorithm_version": "4.0"}, {"capture_area": ""}],
    )
    def test_what_the_gate_refuses_stops_an_active_device(self, tenant: Property, change: dict[str, str]) -> None:
        device, _code = factories.make_active_device(tenant)
        effects = devices.update(tenant=tenant, device=device, **change)
        assert [(d.pk, d.suspended_for) for d in effects.suspended] == [(device.pk, SuspensionReason.NOT_CLEARED)]
        assert {name: getattr(Device.objects.get(pk=device.pk), name) for name in change} == change
        back = devices.update(tenant=tenant, device=device, **{name: getattr(device, name) for name in change})
        assert [d.pk for d in back.resumed] == [device.pk]

    @pytest.mark.parametrize(
        "change",
        [
            {"algorithm_version": "3.2.2"},
            {"mode": "identify"},
            {"purpose": "visitor"},
            {"capture_area": "门前两米", "name": "新名", "vendor": factories.DEVICE_FACTS["vendor"]},
        ],
    )
    def test_what_it_allows_does_not_and_the_record_says_so(self, tenant: Property, change: dict[str, str]) -> None:
        device, _code = factories.make_active_device(tenant)
        device.refresh_from_db()
        assert not devices.update(tenant=tenant, device=device, **change)
        now = Device.objects.get(pk=device.pk)
        assert {name: getattr(now, name) for name in change} == change
        assert (now.state, now.state_changed_at) == (DeviceState.ACTIVE, device.state_changed_at)
        newest = LogEntry.objects.filter(object_pk=str(device.pk)).latest("timestamp", "id")
        assert set(newest.changes) == set(change) - {"vendor"}

    def test_a_device_that_was_never_on_only_changes(self, tenant: Property) -> None:
        device, _code = factories.make_device(tenant)
        assert not devices.update(tenant=tenant, device=device, mode="identify")
        assert Device.objects.get(pk=device.pk).state == DeviceState.REGISTERED

    def test_a_device_at_another_door_waits_for_a_photo_of_the_sign_there(self, tenant: Property) -> None:
        device, _code = factories.make_active_device(tenant)
        door = factories.make_door(tenant)
        effects = devices.update(tenant=tenant, device=device, access_point=door)
        assert [d.pk for d in effects.suspended] == [device.pk]
        assert Device.objects.get(pk=device.pk).access_point == door
        assert {check.code for check in blockers(check_device(device))} == {"no_sign"}
        self.sign(tenant, device)
        assert Device.objects.get(pk=device.pk).state == DeviceState.ACTIVE

    def test_the_same_door_again_changes_nothing(self, tenant: Property) -> None:
        device, _code = factories.make_active_device(tenant)
        assert not devices.update(tenant=tenant, device=device, access_point=device.access_point)
        assert Device.objects.get(pk=device.pk).sign_photo_on == timezone.localdate()

    @pytest.mark.parametrize("state", ["registered", "active", "suspended"])
    def test_no_device_moves_into_a_private_place(self, tenant: Property, state: str) -> None:
        device, _code = factories.make_active_device(tenant) if state != "registered" else factories.make_device(tenant)
        if state == "suspended":
            devices.suspend(tenant=tenant, device=device)
        bath = factories.make_zone(tenant, ZoneKind.BATH, level=ZoneLevel.FLOOR)
        door = factories.make_door(tenant, factories.make_zone(tenant, parent=bath))
        with pytest.raises(ValidationError) as refused:
            devices.update(tenant=tenant, device=device, access_point=door)
        assert codes(refused) == {"private_place"}

    def test_a_door_of_another_property_is_refused(self, tenant: Property) -> None:
        device, _code = factories.make_device(tenant)
        with pytest.raises(ValidationError) as refused:
            devices.update(tenant=tenant, device=device, access_point=factories.make_door(factories.make_property()))
        assert codes(refused) == {"different_tenants"}

    def test_the_name_of_a_retired_device_is_free_again(self, tenant: Property) -> None:
        device, _code = factories.make_device(tenant)
        devices.retire(tenant=tenant, device=device)
        again, _code = devices.register(tenant=tenant, access_point=device.access_point, name=device.name)
        with pytest.raises(ValidationError) as refused:
            devices.register(tenant=tenant, access_point=device.access_point, name=again.name)
        assert codes(refused) == {"name_taken"}

    def test_a_retired_device_stays_as_it_was(self, tenant: Property) -> None:
        device, _code = factories.make_device(tenant)
        devices.retire(tenant=tenant, device=device)
        for act in (
            lambda: devices.update(tenant=tenant, device=device, name="x"),
            lambda: self.sign(tenant, device),
        ):
            with pytest.raises(ValidationError) as refused:
                act()
            assert codes(refused) == {"retired"}

    @pytest.mark.parametrize("field", ["state", "pairing_hash", "sign_photo_on", "tenant", "x"])
    def test_nothing_else_is_written_this_way(self, tenant: Property, field: str) -> None:
        device, _code = factories.make_device(tenant)
        with pytest.raises(TypeError):
            devices.update(tenant=tenant, device=device, **{field: "x"})
        with pytest.raises(TypeError):
            devices.register(tenant=tenant, access_point=device.access_point, name="y", mode="verify", **{field: "x"})

    @pytest.mark.parametrize(
        ("field", "value"),
        [("false_accept_percent", Decimal("100.1")), ("attack_success_percent", Decimal(-1)), ("purpose", "training")],
    )
    def test_an_impossible_value_is_refused_beside_its_field(self, tenant: Property, field: str, value: object) -> None:
        device, _code = factories.make_device(tenant)
        with pytest.raises(ValidationError) as refused:
            devices.update(tenant=tenant, device=device, **{field: value})
        assert set(refused.value.error_dict) == {field}

    def test_a_search_among_everybody_in_view_is_refused(self, tenant: Property) -> None:
        device, _code = factories.make_device(tenant, mode=DeviceMode.IDENTIFY)
        with pytest.raises(ValidationError) as refused:
            devices.update(tenant=tenant, device=device, passersby=Passersby.PRESENCE)
        assert codes(refused) == {"continuous_capture"}

    def sign(self, tenant: Property, device: Device) -> DeviceSign:
        return devices.record_sign(
            tenant=tenant, device=device, taken_on=timezone.localdate(), picture=factories.sign_photo()
        )


class TestSigns:
    def record(self, tenant: Property, device: Device, **change: object) -> DeviceSign:
        given = {"taken_on": timezone.localdate(), "picture": factories.sign_photo()}
        return devices.record_sign(tenant=tenant, device=device, **(given | change))

    def test_the_newest_day_counts_and_every_photo_stays(self, tenant: Property) -> None:
        device, _code = devices.register(tenant=tenant, access_point=factories.make_door(tenant), name="终端")
        today = timezone.localdate()
        for days in (40, 400, 3):
            self.record(tenant, device, taken_on=today - timedelta(days=days))
        device.refresh_from_db()
        assert device.sign_photo_on == today - timedelta(days=3)
        assert DeviceSign.objects.filter(device=device).count() == 3

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"taken_on": timezone.localdate() + timedelta(days=1)}, "future"),
            ({"picture": b"\xff\xd8\xff" + bytes(3_000_000)}, "too_large"),
            ({"picture": b""}, "not_a_picture"),
            ({"picture": b"<svg onload=alert(1)>"}, "not_a_picture"),
        ],
    )
    def test_what_is_no_photo_of_a_past_day_is_refused(
        self, tenant: Property, change: dict[str, object], code: str
    ) -> None:
        device, _code = devices.register(tenant=tenant, access_point=factories.make_door(tenant), name="终端")
        with pytest.raises(ValidationError) as refused:
            self.record(tenant, device, **change)
        assert codes(refused) == {code}
        device.refresh_from_db()
        assert device.sign_photo_on is None

    @pytest.mark.parametrize(
        "sql", ["DELETE FROM premises_devicesign", "UPDATE premises_devicesign SET taken_on = now()"]
    )
    def test_nobody_changes_or_deletes_one(self, tenant: Property, sql: str) -> None:
        factories.make_device(tenant)
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(sql)
