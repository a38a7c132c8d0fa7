"""A database that was restored from an older backup: no door uses who was erased since, and all is ordered again."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from recognition.matching import answers, deciding
from recognition.vault.models import PersonKey
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.people.kinds import ConsentStatus, FaceState, WithdrawnBy
from tenants.people.models import Consent, Person
from tenants.people.services.consents import consent_statuses
from tenants.people.services.links import Visit
from tenants.premises.models import Device
from tenants.rights import ledger, replaying
from tenants.rights.kinds import ErasureReason, ErasureScope
from tenants.rights.models import Erasure, LedgerReplay
from tenants.rights.services.erasures import order_erasure
from tenants.rights.services.withdrawals import withdraw
from tests import factories
from tests.recognition.steps import enroll, erase, knock
from tests.tenants.rights.restoring import (  # noqa: F401 - fixtures
    device_fixture,
    folder_fixture,
    forgotten_since_then,
    opens,
    order,
    person_fixture,
    visit_fixture,
)

pytestmark = pytest.mark.usefixtures("folder")


class TestAtTheDoor:
    def test_nobody_whose_erasure_is_forgotten_comes_in(self, tenant: Property, device: Device, person: Person) -> None:
        with forgotten_since_then():
            order(person)
        person.refresh_from_db()
        assert person.face_state == FaceState.ENROLLED
        assert PersonKey.objects.only("id").filter(person=person, destroyed_at__isnull=True).exists()
        assert opens(tenant, device, person) == answers.NOT_CLEARED

    def test_nor_by_a_terminal_that_recognised_them_itself(self, device: Device, person: Person) -> None:
        with forgotten_since_then():
            order(person)
        answer = deciding.decide(device=device, person_id=person.pk, mode=device.mode)
        assert (answer.allowed, answer.rule) == (False, answers.NOT_CLEARED)

    def test_others_come_in_meanwhile(self, tenant: Property, device: Device, person: Person) -> None:
        other, _visit = factories.make_consented_person(tenant)
        enroll(tenant, other, "wang")
        with forgotten_since_then():
            order(person)
        answer = knock(tenant, device, "wang", other)
        assert answer is not None
        assert answer.allowed

    def test_somebody_who_enrolled_again_after_an_erasure_comes_in(
        self, tenant: Property, device: Device, person: Person, visit: Visit
    ) -> None:
        erase(order(person))
        factories.agree(factories.make_visit(tenant, person))
        enroll(tenant, person, "li")
        assert opens(tenant, device, person) == answers.MATCHED

    def test_an_order_whose_line_is_still_to_be_written_closes_nobody_elses_door(
        self, tenant: Property, device: Device, person: Person
    ) -> None:
        other, _visit = factories.make_consented_person(tenant)
        enroll(tenant, other, "wang")
        order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED)
        assert not ledger.is_behind()
        assert knock(tenant, device, "wang", other).allowed  # type: ignore[union-attr]

    def test_a_line_that_is_written_and_a_number_that_is_not_makes_nobody_wait(
        self, tenant: Property, person: Person
    ) -> None:
        """As in the milliseconds between the file and the commit, or after a death there."""
        made = order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED)
        ledger.ledger().append([ledger.order_of(made)])
        assert not ledger.is_behind()
        assert ledger.record(tenant_id=tenant.pk) == 1
        made.refresh_from_db()
        assert (made.ledger_number, ledger.ledger().last_number()) == (1, 1)

    def test_the_door_asks_the_database_nothing_more(
        self, person: Person, tenant: Property, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        other, _visit = factories.make_consented_person(tenant)
        order(other)
        with django_assert_num_queries(0):
            assert not ledger.is_forgotten(person.pk)
        with django_assert_num_queries(1):
            assert not ledger.is_forgotten(other.pk)

    def test_no_ledger_that_can_be_read_opens_no_door(
        self, tenant: Property, device: Device, person: Person, folder: Path
    ) -> None:
        (folder / "erasures.jsonl").mkdir()
        assert opens(tenant, device, person) == answers.NOT_CLEARED


class TestTheReplay:
    def test_orders_again_with_the_same_id_date_and_reason_and_destroys_the_key(
        self, tenant: Property, device: Device, person: Person
    ) -> None:
        with forgotten_since_then():
            before = order(person, scope=ErasureScope.PERSON)
        assert ledger.is_behind()
        done = replaying.replay()
        assert (done.ordered, done.known, done.gone, done.failed, done.reached) == (1, 0, 0, 0, 1)
        enter_tenant(tenant.pk)
        again = Erasure.objects.get(pk=before.pk)
        for field in ("ordered_at", "reason", "scope", "person_id", "ledger_number"):
            assert getattr(again, field) == getattr(before, field)
        assert again.keys_destroyed == 1
        assert not PersonKey.objects.only("id").filter(person=person, destroyed_at__isnull=True).exists()
        assert not ledger.is_behind()
        assert opens(tenant, device, person) == answers.NOT_ENROLLED
        assert erase(again).completed_at is not None
        person.refresh_from_db()
        assert person.erased_at is not None

    def test_twice_changes_nothing(self, tenant: Property, person: Person) -> None:
        with forgotten_since_then():
            order(person)
        replaying.replay()
        assert replaying.replay().as_dict() == {"ordered": 0, "known": 0, "gone": 0, "failed": 0, "reached": 1}
        enter_tenant(tenant.pk)
        assert Erasure.objects.count() == 1
        assert LedgerReplay.objects.count() == 1

    def test_takes_the_consent_back_again_that_the_person_took_back(
        self, tenant: Property, visit: Visit, person: Person
    ) -> None:
        with forgotten_since_then():
            before = withdraw(visit=visit)
            ledger.record(tenant_id=tenant.pk)
        assert ConsentStatus.AGREED in consent_statuses(person).values()
        replaying.replay()
        enter_tenant(tenant.pk)
        assert ConsentStatus.AGREED not in consent_statuses(person).values()
        for consent in Consent.objects.filter(person=person):
            assert (consent.withdrawn_at, consent.withdrawn_by) == (before.ordered_at, WithdrawnBy.PERSON)
        assert erase(Erasure.objects.get(pk=before.pk)).completed_at is not None
        person.refresh_from_db()
        assert person.face_state == FaceState.ERASED  # and not agreed: nothing may be enrolled

    def test_counts_those_whom_the_backup_does_not_have(self, tenant: Property, person: Person) -> None:
        with forgotten_since_then():
            order(factories.make_person(tenant))
        assert replaying.replay().gone == 1
        assert not ledger.is_behind()
        # A number after it is new, and is not taken for one that was forgotten.
        enter_tenant(tenant.pk)
        assert order(person).ledger_number == 2
        assert not ledger.is_behind()

    def test_counts_those_of_a_property_that_the_backup_does_not_have(self, tenant: Property) -> None:
        with forgotten_since_then():
            order(factories.make_person(factories.make_property()))
        assert replaying.replay().gone == 1

    def test_goes_on_after_one_that_fails_and_tries_it_again(
        self, tenant: Property, device: Device, person: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = factories.make_person(tenant)
        with forgotten_since_then():
            order(person)
            order(other)
        real = replaying.stores.revoke_all

        def fails(*, person: Person) -> int:
            if person.pk != other.pk:
                raise RuntimeError("planted")
            return real(person=person)

        monkeypatch.setattr(replaying.stores, "revoke_all", fails)
        done = replaying.replay()
        assert (done.ordered, done.failed, done.reached) == (1, 1, 0)
        assert ledger.is_behind()
        enter_tenant(tenant.pk)
        assert opens(tenant, device, person) == answers.NOT_CLEARED
        monkeypatch.undo()
        done = replaying.replay()
        assert (done.ordered, done.known, done.failed, done.reached) == (1, 1, 0, 2)
        replaying.catch_up()
        enter_tenant(tenant.pk)
        assert sorted(Erasure.objects.values_list("ledger_number", flat=True)) == [1, 2]

    def test_nothing_new_gets_a_number_before_it(self, tenant: Property, person: Person) -> None:
        """A greater number would say that everything before it is known."""
        with forgotten_since_then():
            order(person)
        order_erasure(tenant=tenant, person=factories.make_person(tenant), reason=ErasureReason.REQUESTED)
        assert ledger.record(tenant_id=tenant.pk) == 0
        assert ledger.is_behind()
        replaying.catch_up()
        enter_tenant(tenant.pk)
        assert sorted(Erasure.objects.values_list("ledger_number", flat=True)) == [1, 2]

    def test_does_not_mind_a_clock_that_was_set_back(
        self, tenant: Property, person: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with forgotten_since_then():
            past = timezone.now() - timedelta(days=900)
            with monkeypatch.context() as clock:
                clock.setattr("tenants.rights.services.erasures.timezone.now", lambda: past)
                order(person, reason=ErasureReason.WITHDRAWN)
        assert replaying.replay().ordered == 1
        enter_tenant(tenant.pk)
        assert Erasure.objects.get().ordered_at == past
        assert all(row.withdrawn_at >= row.decided_at for row in Consent.objects.filter(person=person))

    def test_by_the_command_says_what_it_did(self, person: Person) -> None:
        with forgotten_since_then():
            order(person)
        out = StringIO()
        call_command("replay_erasures", "--json", stdout=out)
        wanted = {"ordered": 1, "known": 0, "gone": 0, "failed": 0, "reached": 1, "faults": 0}
        assert json.loads(out.getvalue()) == wanted
        out = StringIO()
        call_command("replay_erasures", stdout=out)
        assert "up to number 1: 0 erasures ordered again" in out.getvalue()
