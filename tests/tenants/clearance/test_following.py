"""What the gate does by itself: nothing is lost with a task, nobody waits, the grace counts from its cause."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tenants.clearance import consequences, evidence, jobs
from tenants.clearance.models import Clearance
from tenants.clearance.rules.endings import GRACE, Ending
from tenants.clearance.services import faces_to_erase
from tenants.organizations.models import Handler, Property
from tenants.organizations.services.properties import stop_faces, update_handler, update_property
from tenants.people.kinds import ConsentDecision, ConsentStatus, FaceState
from tenants.people.models import Person
from tenants.people.services import persons
from tenants.people.services.consents import consent_statuses
from tenants.people.services.links import Visit
from tenants.premises.kinds import DeviceState, MethodKind, SuspensionReason, ZoneKind
from tenants.premises.models import AccessMethod, Device
from tenants.premises.services import devices, doors, zones
from tenants.rights import jobs as rights_jobs
from tenants.rights.kinds import ErasureReason
from tenants.rights.models import Erasure
from tenants.rights.services.erasures import order_erasure
from tenants.rights.services.withdrawals import withdraw
from tests import factories
from tests.roles import database_role

pytestmark = pytest.mark.django_db
ONE_DAY = timedelta(days=1)


@pytest.fixture
def device(tenant: Property) -> Device:
    return factories.make_active_device(tenant)[0]


@pytest.fixture
def visit(tenant: Property, device: Device) -> Visit:
    """Somebody whose face is enrolled."""
    person, visit = factories.make_consented_person(tenant)
    persons.move_face(person=person, target=FaceState.ENROLLED, enrolled_on=timezone.localdate())
    jobs.judge()
    return visit


def face(visit: Visit) -> str:
    return Person.objects.get(pk=visit.person.pk).face_state


def answers(subject: Device | Person) -> list[list[str]]:
    return [row.blockers for row in evidence.on_day(subject=subject, day=timezone.localdate())]


def let_pass(days: int) -> None:
    """Move every kept answer into the past. The table is append-only for the portal's roles; only a test moves time."""
    with database_role("owner"):
        Clearance.objects.update(answered_at=F("answered_at") - timedelta(days=days))


class TestNothingIsLost:
    def test_a_contract_that_ends_and_is_renewed_is_followed_by_the_next_sweep(
        self, tenant: Property, device: Device, visit: Visit
    ) -> None:
        assert jobs.judge() == 0
        yesterday = timezone.localdate() - ONE_DAY
        update_handler(handler=tenant.handler, contract_ends_on=yesterday)
        assert jobs.judge() == 1
        assert (Device.objects.get(pk=device.pk).state, face(visit)) == (DeviceState.SUSPENDED, FaceState.SUSPENDED)
        update_handler(handler=tenant.handler, contract_ends_on=None)
        assert jobs.judge() == 1
        assert (Device.objects.get(pk=device.pk).state, face(visit)) == (DeviceState.ACTIVE, FaceState.ENROLLED)

    def test_people_whose_task_was_lost_are_found_by_the_next_sweep(self, tenant: Property, visit: Visit) -> None:
        stop_faces(tenant=tenant, reason="法院裁定")  # no worker runs what is sent after the commit
        assert face(visit) == FaceState.ENROLLED
        assert jobs.judge() == 1
        assert face(visit) == FaceState.SUSPENDED
        assert jobs.judge() == 0

    def test_a_fact_that_changes_while_people_are_judged_leaves_them_to_the_next_sweep(
        self, tenant: Property, visit: Visit, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        once = [True]

        def slow(**named: object) -> tuple[int, None]:
            if once:
                once.clear()
                stop_faces(tenant=tenant, reason="法院裁定")
            return 0, None

        Property.objects.filter(pk=tenant.pk).update(judged_on=None)
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(consequences, "follow_some", slow)
            jobs.judge()
        assert jobs.judge() == 1
        assert face(visit) == FaceState.SUSPENDED

    def test_a_page_opened_before_a_stop_does_not_lift_it(self, tenant: Property, device: Device) -> None:
        opened_before = Property.objects.get(pk=tenant.pk)
        stop_faces(tenant=tenant, reason="法院裁定")
        update_property(tenant=opened_before, name="新名字")
        now = Property.objects.get(pk=tenant.pk)
        assert now.faces_stopped_at is not None
        assert (now.name, now.faces_stopped_for) == ("新名字", "法院裁定")
        assert Device.objects.get(pk=device.pk).state == DeviceState.SUSPENDED

    def test_two_changes_of_one_handler_keep_both(self, tenant: Property) -> None:
        opened_before = Handler.objects.get(pk=tenant.handler_id)
        update_handler(handler=tenant.handler, contract_ends_on=timezone.localdate())
        update_handler(handler=opened_before, contact_name="李经理")
        assert Handler.objects.get(pk=tenant.handler_id).contract_ends_on == timezone.localdate()


class TestNobodyWaits:
    def test_faces_that_stay_as_they_are_are_not_locked(self, tenant: Property, visit: Visit) -> None:
        with CaptureQueriesContext(connection) as asked:
            consequences.follow_people(tenant=tenant)
        assert not [query["sql"] for query in asked if "FOR UPDATE" in query["sql"]]

    def test_a_face_that_changes_is_locked_and_judged_again(self, tenant: Property, visit: Visit) -> None:
        stop_faces(tenant=tenant, reason="法院裁定")
        with CaptureQueriesContext(connection) as asked:
            assert consequences.follow_people(tenant=tenant) == 1
        assert [query["sql"] for query in asked if "FOR UPDATE" in query["sql"]]


class TestGrace:
    def test_a_face_restricted_for_long_has_the_whole_grace_when_its_consent_is_lost(
        self, tenant: Property, visit: Visit
    ) -> None:
        persons.restrict(tenant=tenant, person=visit.person)
        let_pass(GRACE.days + 10)
        factories.make_notice(tenant, purpose_method_zh="另一个用途")
        consequences.follow_people(tenant=tenant)
        assert faces_to_erase(tenant) == []
        let_pass(GRACE.days)
        assert [(person.pk, why) for person, why in faces_to_erase(tenant)] == [(visit.person.pk, Ending.CONSENT_LOST)]

    def test_an_answer_without_the_threat_in_between_begins_the_grace_anew(
        self, tenant: Property, visit: Visit
    ) -> None:
        handler, yesterday = tenant.handler, timezone.localdate() - ONE_DAY
        for ends_on in (yesterday, None):
            update_handler(handler=handler, contract_ends_on=ends_on)
            jobs.judge()
            let_pass(GRACE.days + 5)
        update_handler(handler=handler, contract_ends_on=yesterday)
        jobs.judge()
        assert faces_to_erase(tenant) == []


class TestEvidence:
    def test_a_withdrawal_is_an_answer_of_that_day(self, tenant: Property, visit: Visit) -> None:
        withdraw(visit=visit)
        allowed, refused = answers(visit.person)
        assert allowed == []
        assert "erasing" in refused

    def test_a_device_that_a_member_stopped_is_still_answered_about(self, tenant: Property, device: Device) -> None:
        devices.suspend(tenant=tenant, device=device)
        card = AccessMethod.objects.get(access_point=device.access_point_id, kind=MethodKind.CARD)
        doors.set_method_live(tenant=tenant, method=card, is_live=False)
        assert answers(device)[-1] == ["face_only"]
        doors.set_method_live(tenant=tenant, method=card, is_live=True)
        assert answers(device)[-1] == []
        assert Device.objects.get(pk=device.pk).state == DeviceState.SUSPENDED


class TestErasedAndAgreedAnew:
    def test_a_yes_given_while_the_old_face_goes_lets_the_next_begin(self, tenant: Property, visit: Visit) -> None:
        erasure = order_erasure(tenant=tenant, person=visit.person, reason=ErasureReason.RETENTION)
        factories.agree(visit, ConsentDecision.AGREE)
        assert set(consent_statuses(Person.objects.get(pk=visit.person.pk)).values()) == {ConsentStatus.AGREED}
        for role in ("web", "recognition"):
            with database_role(role):
                rights_jobs.erase(tenant_id=tenant.pk, erasure_id=erasure.pk, runs_as=role)
        assert Erasure.objects.get(pk=erasure.pk).completed_at is not None
        assert face(visit) == FaceState.CONSENTED


class TestDevices:
    def test_a_member_keeps_off_what_the_gate_has_stopped(self, tenant: Property, device: Device) -> None:
        card = AccessMethod.objects.get(access_point=device.access_point_id, kind=MethodKind.CARD)
        doors.set_method_live(tenant=tenant, method=card, is_live=False)
        kept_off = devices.suspend(tenant=tenant, device=device)
        assert kept_off.suspended_for == SuspensionReason.MANUAL
        doors.set_method_live(tenant=tenant, method=card, is_live=True)
        assert Device.objects.get(pk=device.pk).state == DeviceState.SUSPENDED
        with pytest.raises(ValidationError):
            devices.suspend(tenant=tenant, device=device)

    def test_a_stopped_device_says_what_stops_it_today_and_since_when_it_is_off(
        self, tenant: Property, device: Device
    ) -> None:
        card = AccessMethod.objects.get(access_point=device.access_point_id, kind=MethodKind.CARD)
        doors.set_method_live(tenant=tenant, method=card, is_live=False)
        off_since = Device.objects.get(pk=device.pk).state_changed_at
        zone = device.access_point.zone
        zones.update_zone(tenant=tenant, zone=zone, name=zone.name, kind=ZoneKind.TOILET)
        doors.set_method_live(tenant=tenant, method=card, is_live=True)
        now = Device.objects.get(pk=device.pk)
        assert (now.suspended_for, now.state_changed_at) == (SuspensionReason.PRIVATE_PLACE, off_since)
