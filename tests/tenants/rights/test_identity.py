"""Who asks is proved by a code to the contact on file or at the desk, and nobody else learns who is known here."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from tenants.organizations.models import Property, User
from tenants.organizations.scoping import enter_tenant
from tenants.people.kinds import AgeBand, FaceState
from tenants.people.models import Consent, Person
from tenants.people.services.persons import record_death
from tenants.rights import request_jobs
from tenants.rights.kinds import Delivery, IdentityProof, Requester, RequestKind, RequestState
from tenants.rights.models import IdentityCode, RightsRequest
from tenants.rights.services import identity
from tenants.rights.services.requests import receive_from
from tests import factories
from tests.senders import Postbox
from tests.tenants.rights.asking import PHONE, ask_for_code, fresh, prove, receive

WRONG = "wrong"


@pytest.fixture(autouse=True)
def _postbox(settings: Settings) -> None:
    Postbox.sent.clear()
    settings.SMS_SENDER = settings.MAIL_SENDER = "tests.senders.Postbox"


@pytest.fixture
def person(tenant: Property) -> Person:
    return factories.make_person(tenant, phone=PHONE, email="li@example.com", room="3-201")


def refusal(call: Callable[[], object], field: str = "") -> str:
    with pytest.raises(ValidationError) as refused:
        call()
    if field:
        assert set(refused.value.error_dict) == {field}
        return refused.value.error_dict[field][0].code
    return refused.value.code


class TestByACode:
    @pytest.mark.parametrize(
        "contact", ["13800138000", "+86 138-0013-8000", "１３８００１３８０００", "LI@example.com"]
    )
    def test_the_code_goes_to_the_contact_on_file_however_it_was_typed(
        self, tenant: Property, person: Person, contact: str
    ) -> None:
        request = receive(tenant, contact=contact)
        code = ask_for_code(request)
        assert [letter.to for letter in Postbox.sent] == [person.identity.email if "@" in contact else PHONE]
        request = prove(request, code)
        assert (request.state, request.person, request.identity_by) == (
            RequestState.CONFIRMED,
            person,
            IdentityProof.CODE,
        )
        assert request.identity_checked_at is not None and request.identity_checked_by is None

    def test_the_code_is_kept_nowhere_and_bound_to_its_row(self, tenant: Property, person: Person) -> None:
        code = ask_for_code(receive(tenant))
        row = IdentityCode.objects.get()
        assert code not in str(vars(row)) and re.fullmatch(r"[0-9a-f]{64}", row.code_hash)
        assert row.expires_at == row.sent_at + timedelta(minutes=10)

    def test_a_wrong_an_old_and_a_used_code_are_told_the_same(self, tenant: Property, person: Person) -> None:
        request = receive(tenant)
        first = ask_for_code(request)
        assert refusal(lambda: prove(request, f"{(int(first) + 1) % 10**6:06d}"), "code") == WRONG
        second = ask_for_code(request)
        if first != second:
            assert refusal(lambda: prove(request, first), "code") == WRONG
        IdentityCode.objects.update(expires_at=timezone.now())
        assert refusal(lambda: prove(request, second), "code") == WRONG
        assert fresh(request).state == RequestState.RECEIVED

    def test_after_five_tries_the_right_code_is_of_no_use(self, tenant: Property, person: Person) -> None:
        request = receive(tenant)
        code = ask_for_code(request)
        for _time in range(identity.TRIES):
            assert refusal(lambda: prove(request, ""), "code") == WRONG
        assert refusal(lambda: prove(request, code), "code") == "too_many"

    def test_a_new_code_has_its_own_tries(self, tenant: Property, person: Person) -> None:
        request = receive(tenant)
        ask_for_code(request)
        for _time in range(identity.TRIES + 1):
            refusal(lambda: prove(request, ""), "code")
        assert prove(request, ask_for_code(request)).state == RequestState.CONFIRMED

    def test_tries_are_counted_on_the_row_while_the_cache_is_down(
        self, tenant: Property, person: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        request = receive(tenant)
        code = ask_for_code(request)
        monkeypatch.setattr(identity, "_count", lambda _request: True)
        for _time in range(identity.TRIES):
            assert refusal(lambda: prove(request, "000"), "code") == WRONG
        assert refusal(lambda: prove(request, code), "code") == WRONG
        assert IdentityCode.objects.get().attempts == identity.TRIES

    def test_a_code_proves_its_own_request_only_and_once(self, tenant: Property, person: Person) -> None:
        mine, other = receive(tenant), receive(tenant)
        code = ask_for_code(mine)
        assert refusal(lambda: prove(other, code), "code") == WRONG
        prove(mine, code)
        assert refusal(lambda: prove(mine, code)) == "wrong_state"

    def test_codes_are_bounded_by_the_hour(self, tenant: Property, person: Person) -> None:
        request = receive(tenant)
        for _time in range(identity.SENDS_IN_AN_HOUR):
            ask_for_code(request)
        assert refusal(lambda: ask_for_code(request)) == "too_many"

    def test_one_telephone_does_not_ring_for_every_request_in_its_name(self, tenant: Property, person: Person) -> None:
        rung = [bool(ask_for_code(receive(tenant))) for _time in range(8)]
        assert rung == [True] * 6 + [False] * 2

    def test_a_clock_that_was_set_back_makes_no_code_live_longer(self, tenant: Property, person: Person) -> None:
        request = receive(tenant)
        code = ask_for_code(request)
        later = timezone.now() + timedelta(hours=2)
        IdentityCode.objects.update(sent_at=later, expires_at=later + timedelta(minutes=10))
        assert refusal(lambda: prove(request, code), "code") == WRONG


class TestNoOracle:
    def test_a_stranger_s_contact_gets_nothing_and_is_answered_the_same(self, tenant: Property, person: Person) -> None:
        known, unknown = receive(tenant), receive(tenant, contact="13999999999", name="王")
        work = []
        for request in (known, unknown):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert identity.send_code(tenant=tenant, request=request) is None
            work.append(_shapes(queries))
        assert work[0] == work[1]
        for row in IdentityCode.objects.all():
            request_jobs.send_identity_code(tenant_id=tenant.pk, code_id=row.pk)
        assert [letter.to for letter in Postbox.sent] == [PHONE]
        said = []
        for request in (known, unknown):
            with CaptureQueriesContext(connection) as queries, pytest.raises(ValidationError) as refused:
                prove(request, "x")
            said.append((str(refused.value), _shapes(queries)))
        assert said[0] == said[1]
        assert fresh(known).due_on == fresh(unknown).due_on and fresh(unknown).paused_on is not None

    def test_nobody_proves_anything_with_a_code_that_was_not_sent(self, tenant: Property) -> None:
        request = receive(tenant)
        assert ask_for_code(request) == ""
        row = IdentityCode.objects.get()
        assert (row.delivery, row.person) == (Delivery.FAILED, None)
        assert refusal(lambda: prove(request, ""), "code") == WRONG

    @pytest.mark.parametrize("asked_by", [Requester.RELATIVE, Requester.REPRESENTATIVE])
    def test_whoever_asks_for_another_grown_up_comes_to_the_desk(
        self, tenant: Property, person: Person, asked_by: Requester
    ) -> None:
        assert ask_for_code(receive(tenant, asked_by=asked_by, relation="女儿")) == ""

    def test_a_shared_telephone_is_told_apart_by_name_and_room(self, tenant: Property, person: Person) -> None:
        other = factories.make_person(tenant, "王叔叔", phone=PHONE, room="3-201")
        request = receive(tenant, name="王 叔叔")
        assert prove(request, ask_for_code(request)).person == other
        assert ask_for_code(receive(tenant, name="谁")) == ""

    def test_a_property_s_people_are_found_in_that_property_only(self, tenant: Property, person: Person) -> None:
        assert ask_for_code(receive(factories.make_property())) == ""


class TestForAChild:
    def test_a_guardian_s_own_contact_proves_for_the_one_child_on_record(self, tenant: Property) -> None:
        row = factories.make_guardian(tenant, guardian=factories.make_person(tenant, "妈妈", phone=PHONE))
        request = receive(tenant, asked_by=Requester.GUARDIAN, relation="母亲", name="妈妈")
        assert prove(request, ask_for_code(request)).person == row.child

    def test_with_two_children_the_desk_asks_for_which(self, tenant: Property) -> None:
        mother = factories.make_person(tenant, "妈妈", phone=PHONE)
        for _child in range(2):
            factories.make_guardian(tenant, guardian=mother)
        assert ask_for_code(receive(tenant, asked_by=Requester.GUARDIAN, relation="母亲", name="妈妈")) == ""


class TestAtTheDesk:
    def test_who_checked_is_written_down(self, tenant: Property, owner: User, person: Person) -> None:
        request = identity.prove_in_person(tenant=tenant, request=receive(tenant), person=person, actor=owner)
        assert (request.identity_by, request.identity_checked_by) == (IdentityProof.IN_PERSON, owner)

    def test_somebody_from_outside_checks_nobody(self, tenant: Property, person: Person) -> None:
        request = receive(tenant)
        stranger = factories.make_member(factories.make_property())
        enter_tenant(tenant.pk)
        with pytest.raises(ValidationError) as refused:
            identity.prove_in_person(tenant=tenant, request=request, person=person, actor=stranger)
        assert refused.value.code == "not_a_member"

    def test_a_relative_asks_for_the_dead_only_and_the_dead_do_not_ask(
        self, tenant: Property, owner: User, person: Person
    ) -> None:
        relative = receive(tenant, asked_by=Requester.RELATIVE, relation="女儿")

        def check(request: RightsRequest) -> RightsRequest:
            return identity.prove_in_person(tenant=tenant, request=request, person=person, actor=owner)

        assert refusal(lambda: check(relative), "person") == "alive"
        record_death(tenant=tenant, person=person, died_on=timezone.localdate())
        assert refusal(lambda: check(receive(tenant)), "person") == "died"
        assert check(relative).state == RequestState.CONFIRMED

    def test_asking_for_proof_stops_the_clock_and_tells_the_person(self, tenant: Property, owner: User) -> None:
        request = receive(tenant, language="en")
        for _time in range(2):
            request = identity.ask_for_proof(tenant=tenant, request=request, actor=owner)
        assert request.paused_on == timezone.localdate()
        assert "Your face is not asked for" in request.messages.filter(kind="to_person").latest("at").text


class TestWithdrawalAtOnce:
    @pytest.mark.parametrize("by", ["code", "link"])
    def test_a_proved_withdrawal_waits_for_nobody(self, tenant: Property, by: str) -> None:
        person, visit = factories.make_consented_person(tenant)
        person.identity.phone = PHONE
        person.identity.save()
        if by == "link":
            request, _code = receive_from(visit=visit, kind=RequestKind.WITHDRAW)
        else:
            request = receive(tenant, RequestKind.WITHDRAW)
            request = prove(request, ask_for_code(request))
        assert request.state == RequestState.ANSWERED and request.answer
        assert Person.objects.get(pk=person.pk).face_state == FaceState.ERASING
        assert not Consent.objects.filter(person=person, decision="agree", withdrawn_at__isnull=True).exists()
        assert person.erasures.get().request == request

    def test_at_the_desk_a_member_answers_it(self, tenant: Property, owner: User) -> None:
        person, _visit = factories.make_consented_person(tenant)
        request = identity.prove_in_person(
            tenant=tenant, request=receive(tenant, RequestKind.WITHDRAW), person=person, actor=owner
        )
        assert request.state == RequestState.CONFIRMED

    def test_a_guardian_s_link_proves_and_the_desk_looks_first(self, tenant: Property) -> None:
        factories.allow_children(tenant)
        guardian = factories.make_guardian(tenant)
        visit = factories.make_guardian_visit(guardian)
        request, _code = receive_from(visit=visit, kind=RequestKind.WITHDRAW)
        assert (request.state, request.asked_by) == (RequestState.CONFIRMED, Requester.GUARDIAN)
        assert guardian.child.band == AgeBand.UNDER_14 and request.person == guardian.child


class TestTheGatewayIsDown:
    def test_a_code_waits_and_each_try_makes_another(
        self, tenant: Property, person: Person, settings: Settings
    ) -> None:
        settings.SMS_SENDER = "tests.senders.Unreachable"
        request = receive(tenant)
        assert ask_for_code(request) == ""
        row = IdentityCode.objects.get()
        hashed = row.code_hash
        assert (row.delivery, row.sends) == (Delivery.WAITING, 1) and row.next_try_at > timezone.now()
        settings.SMS_SENDER = "tests.senders.Postbox"
        row.next_try_at = timezone.now()
        row.save()
        request_jobs.send_identity_code(tenant_id=tenant.pk, code_id=row.pk)
        row.refresh_from_db()
        assert (row.delivery, len(Postbox.sent)) == (Delivery.SENT, 1) and row.code_hash != hashed


def _shapes(queries: CaptureQueriesContext) -> list[str]:
    """What was asked of the database, without the values."""
    asked = [query["sql"] for query in queries.captured_queries if "django_content_type" not in query["sql"][:60]]
    return [re.sub(r"'[^']*'(::\w+)?|\d+", "?", sql) for sql in asked]
