"""Sheets that are handed in later: what was said since outweighs them, and they count for the version they bear."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.people.kinds import ConsentDecision, ConsentPurpose, ConsentStatus, WithdrawnBy
from tenants.people.models import Consent, Person
from tenants.people.services.consents import consent_statuses
from tenants.rights.services.withdrawals import answer_on_paper, withdraw
from tenants.transparency.models import Notice
from tenants.transparency.services import notices
from tests import factories
from tests.tenants.clearance.clock import Clock

AGREE, DECLINE = ConsentDecision.AGREE, ConsentDecision.DECLINE
FACE = ConsentPurpose.RECOGNITION
Hand = Callable[..., Consent]


@pytest.fixture
def clock() -> Iterator[Clock]:
    with Clock(timezone.now()) as clock:
        yield clock


@pytest.fixture
def first(clock: Clock, tenant: Property) -> Notice:
    """Version 1, published ten days ago."""
    notice = factories.make_notice(tenant)
    clock.passes(days=10)
    return notice


@pytest.fixture
def person(first: Notice) -> Person:
    return factories.make_person(first.tenant)


@pytest.fixture
def desk(tenant: Property) -> User:
    return factories.make_member(tenant, Role.FRONT_DESK)


@pytest.fixture
def hand_in(person: Person, first: Notice, desk: User) -> Hand:
    def _hand_in(decision: ConsentDecision = AGREE, **fields: object) -> Consent:
        sheet = {
            "tenant": person.tenant,
            "person": person,
            "purpose": FACE,
            "decision": decision,
            "notice": first,
            "assisted_by": desk,
            "was_read_aloud": True,
            "scan": factories.make_scan(),
            "signed_on": timezone.localdate(),
        }
        return answer_on_paper(**(sheet | fields))

    return _hand_in


def refusal(hand_in: Hand, *args: object, **fields: object) -> str:
    with pytest.raises(ValidationError) as refused:
        hand_in(*args, **fields)
    error = refused.value
    return next(iter(error.error_dict.values()))[0].code if hasattr(error, "error_dict") else error.code


def status(person: Person) -> ConsentStatus:
    return consent_statuses(Person.objects.get(pk=person.pk))[FACE]


def publish(tenant: Property, *, effective_on: date | None = None, **texts: str) -> Notice:
    draft = notices.edit(tenant=tenant, notice=notices.start_draft(tenant=tenant), **texts)
    return notices.publish(tenant=tenant, notice=draft, actor=factories.somebody_of(tenant), effective_on=effective_on)


class TestWhatThePersonTookBack:
    """Another scan of an old sheet does not bring the yes back."""

    @pytest.fixture
    def stopped_on(self, clock: Clock, hand_in: Hand, person: Person) -> date:
        hand_in()
        withdraw(visit=factories.make_visit(person.tenant, person))
        return timezone.localdate()

    def test_not_at_once(self, stopped_on: date, hand_in: Hand, person: Person) -> None:
        assert refusal(hand_in) == "refused_before"
        assert status(person) == ConsentStatus.WITHDRAWN

    @pytest.mark.parametrize("days_before", [0, 1, 9])
    def test_not_later_either(
        self, clock: Clock, stopped_on: date, hand_in: Hand, person: Person, days_before: int
    ) -> None:
        clock.passes(days=5)
        signed_on = stopped_on - timedelta(days=days_before)
        for purpose in ConsentPurpose:
            assert refusal(hand_in, signed_on=signed_on, purpose=purpose) == "answered_since"
        assert status(person) == ConsentStatus.WITHDRAWN

    def test_but_a_sheet_signed_afterwards_counts(
        self, clock: Clock, stopped_on: date, hand_in: Hand, person: Person
    ) -> None:
        clock.passes(days=5)
        hand_in(signed_on=stopped_on + timedelta(days=1))
        assert status(person) == ConsentStatus.AGREED

    def test_a_signed_no_that_took_a_yes_back_counts_as_well(self, hand_in: Hand, person: Person) -> None:
        factories.agree(factories.make_visit(person.tenant, person))
        hand_in(DECLINE)
        assert {row.withdrawn_by for row in Consent.objects.filter(decision=AGREE)} == {WithdrawnBy.PERSON_SHEET}
        for purpose in ConsentPurpose:
            assert refusal(hand_in, purpose=purpose) == "answered_since"

    def test_and_so_does_a_signed_no_that_took_nothing_back(self, hand_in: Hand, person: Person) -> None:
        hand_in(DECLINE)
        assert refusal(hand_in) == "answered_since"
        assert status(person) == ConsentStatus.DECLINED


class TestTheVersionOnTheSheet:
    def test_a_sheet_of_the_old_version_is_not_booked_to_one_that_was_only_published(
        self, clock: Clock, hand_in: Hand, tenant: Property, first: Notice
    ) -> None:
        second = publish(tenant, effective_on=timezone.localdate() + timedelta(days=30), retention_zh="三十天")
        clock.passes(days=15)
        signed_on = timezone.localdate()
        clock.passes(days=16)
        assert refusal(hand_in, notice=second, signed_on=signed_on) == "before_notice"
        # The new version asks everybody again, so a yes to the old one counts no more; a no always does.
        assert refusal(hand_in, notice=first, signed_on=signed_on) == "notice_changed"
        assert hand_in(DECLINE, notice=first, signed_on=signed_on).notice == first

    def test_where_nobody_is_asked_again_it_counts_for_the_version_it_bears(
        self, clock: Clock, hand_in: Hand, tenant: Property, person: Person, first: Notice
    ) -> None:
        second = publish(tenant, effective_on=timezone.localdate() + timedelta(days=30), rights_zh="另一种说法")
        clock.passes(days=15)
        signed_on = timezone.localdate()
        clock.passes(days=16)
        assert refusal(hand_in, notice=second, signed_on=signed_on) == "before_notice"
        consent = hand_in(notice=first, signed_on=signed_on)
        assert (consent.notice, consent.notice_hash, status(person)) == (first, first.content_hash, "agreed")
        # It holds as long as the sheet said, and not from the day on which it was handed in.
        assert consent.ends_on == signed_on + timedelta(days=tenant.face_days)

    def test_from_its_first_day_on_only_the_new_version_is_signed(
        self, clock: Clock, hand_in: Hand, tenant: Property, first: Notice
    ) -> None:
        second = publish(tenant, effective_on=timezone.localdate() + timedelta(days=5), rights_zh="另一种说法")
        clock.passes(days=5)
        assert refusal(hand_in, notice=first) == "after_notice"
        assert hand_in(notice=second).notice == second

    def test_on_the_day_of_publication_either_may_have_been_signed(
        self, hand_in: Hand, tenant: Property, first: Notice
    ) -> None:
        second = publish(tenant, rights_zh="另一种说法")
        assert hand_in(notice=first).notice == first
        assert hand_in(notice=second, purpose=ConsentPurpose.TRANSMISSION).notice == second

    def test_a_draft_is_on_no_sheet(self, hand_in: Hand, tenant: Property) -> None:
        assert refusal(hand_in, notice=notices.start_draft(tenant=tenant)) == "not_published"
