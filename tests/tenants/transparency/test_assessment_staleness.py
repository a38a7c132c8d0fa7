"""An assessment goes out of date by itself, and says why."""

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError

from tenants.organizations.models import Property
from tenants.organizations.services.properties import update_property
from tenants.premises.kinds import DeviceMode, DeviceState, ZoneKind
from tenants.premises.models import Device
from tenants.transparency.models import Risk
from tenants.transparency.rules.assessments import covers
from tenants.transparency.services import assessments
from tenants.transparency.services.scopes import facts_of, scope_of
from tests import factories
from tests.roles import database_role


def test_marks_add_up_and_keep_their_first_day(tenant: Property) -> None:
    assert assessments.mark_stale(tenant=tenant, codes=["vendor"]) is None, "Nothing is signed yet"
    factories.make_assessment(tenant)
    update_property(tenant=tenant, storage_mode="on_device")
    first = assessments.current(tenant)
    second = assessments.mark_stale(tenant=tenant, codes=["incident"])
    assert (first.stale_for, second.stale_for) == (["storage"], ["storage", "incident"])
    assert second.stale_since == first.stale_since == second.coverage.stale_since


def test_a_change_makes_it_stale_and_undoing_it_mends(tenant: Property) -> None:
    factories.make_device(tenant)
    factories.make_assessment(tenant)
    assert assessments.refresh(tenant=tenant).stale_for == []
    update_property(tenant=tenant, storage_mode="on_device")
    stale = assessments.refresh(tenant=tenant)
    assert (stale.stale_for, stale.stale_since is not None) == (["storage"], True)
    update_property(tenant=tenant, storage_mode="portal")
    mended = assessments.refresh(tenant=tenant)
    assert (mended.stale_for, mended.stale_since) == ([], None)


def test_only_the_next_version_answers_a_major_incident(tenant: Property) -> None:
    factories.make_assessment(tenant)
    assessments.mark_stale(tenant=tenant, codes=["incident"])
    assert assessments.refresh(tenant=tenant).stale_for == ["incident"]
    assert factories.make_assessment(tenant).stale_since is None


def test_a_device_that_is_only_registered_makes_nothing_stale(tenant: Property) -> None:
    factories.make_assessment(tenant)
    device, _code = factories.make_device(tenant, mode=DeviceMode.IDENTIFY)
    assert assessments.refresh(tenant=tenant).stale_for == []
    assert "mode" in covers(assessments.current(tenant).coverage, **facts_of(device), storage_mode="portal")
    Device.objects.filter(pk=device.pk).update(state=DeviceState.SUSPENDED)
    assert "mode" in assessments.refresh(tenant=tenant).stale_for


def test_the_scope_is_what_the_devices_state(tenant: Property) -> None:
    lobby = factories.make_door(tenant, factories.make_zone(tenant, ZoneKind.LOBBY))
    factories.make_device(tenant, lobby, mode=DeviceMode.IDENTIFY)
    retired, _code = factories.make_device(
        tenant, factories.make_door(tenant, factories.make_zone(tenant, ZoneKind.GATE))
    )
    Device.objects.filter(pk=retired.pk).update(state=DeviceState.RETIRED)
    scope = scope_of(tenant)
    assert (scope["modes"], scope["place_kinds"], scope["storage_mode"]) == (["identify"], ["lobby"], "portal")


def test_a_new_version_is_covered_and_a_new_generation_is_not(tenant: Property) -> None:
    device, _code = factories.make_device(tenant)
    rows = Device.objects.filter(pk=device.pk)
    rows.update(algorithm="ArcFace", algorithm_version="3.1", state=DeviceState.SUSPENDED)
    assert factories.make_assessment(tenant).scope["algorithms"] == ["ArcFace 3"]
    rows.update(algorithm_version="3.2")
    assert assessments.refresh(tenant=tenant).stale_for == []
    rows.update(algorithm_version="4.0")
    assert assessments.refresh(tenant=tenant).stale_for == ["algorithm"]


def test_the_recognition_role_reads_what_is_covered_and_nothing_of_the_risks(tenant: Property) -> None:

    factories.make_assessment(tenant)
    with database_role("recognition"):
        assert assessments.current(tenant) is not None
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Risk.objects.count()
