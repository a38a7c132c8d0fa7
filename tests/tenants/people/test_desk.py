"""Answers on paper: a scan or nothing, one sheet for one answer, and the person's own word outweighs it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from PIL import Image

from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.services.members import remove_member
from tenants.people.kinds import (
    ConsentChannel,
    ConsentDecision,
    ConsentPurpose,
    ConsentStatus,
    FaceState,
    GivenBy,
)
from tenants.people.models import Consent, PaperForm, Person
from tenants.people.rules.papers import MAX_BYTES, scan_type
from tenants.people.services.consents import consent_statuses
from tenants.people.services.desk import record_paper_consent
from tenants.people.services.persons import move_face
from tenants.rights.models import Erasure
from tenants.rights.people_stores import PaperStore
from tenants.rights.services.withdrawals import answer_on_paper
from tenants.transparency.models import Notice
from tests import factories
from tests.photos import encoded

Sign = Callable[..., Consent]
AGREE, DECLINE = ConsentDecision.AGREE, ConsentDecision.DECLINE
PAGE = Image.new("RGB", (40, 60), "white")


@pytest.fixture
def desk(tenant: Property) -> User:
    return factories.make_member(tenant, Role.FRONT_DESK)


@pytest.fixture
def person(tenant: Property) -> Person:
    factories.make_notice(tenant)
    return factories.make_person(tenant)


@pytest.fixture
def sign(person: Person, desk: User) -> Sign:
    def _sign(record: Callable[..., Consent] = record_paper_consent, **fields: object) -> Consent:
        defaults = {
            "tenant": person.tenant,
            "person": person,
            "purpose": ConsentPurpose.RECOGNITION,
            "decision": AGREE,
            "notice": Notice.objects.filter(tenant=person.tenant).current(),
            "assisted_by": desk,
            "was_read_aloud": True,
            "scan": factories.make_scan(),
            "signed_on": timezone.localdate(),
        }
        return record(**(defaults | fields))

    return _sign


def refusal(sign: Sign, **fields: object) -> str:
    with pytest.raises(ValidationError) as refused:
        sign(**fields)
    error = refused.value
    return next(iter(error.error_dict.values()))[0].code if hasattr(error, "error_dict") else error.code


def test_a_signed_sheet_becomes_one_consent_with_who_assisted(sign: Sign, person: Person, desk: User) -> None:
    consent = sign()
    assert (consent.channel, consent.given_by) == (ConsentChannel.DESK_PAPER, GivenBy.PERSON)
    assert (consent.paper.assisted_by, consent.paper.was_read_aloud) == (desk, True)
    assert Consent.objects.count() == 1
    assert consent_statuses(person)[ConsentPurpose.RECOGNITION] == ConsentStatus.AGREED
    assert consent_statuses(person)[ConsentPurpose.TRANSMISSION] == ConsentStatus.UNANSWERED


@pytest.mark.parametrize(
    ("scan", "code"),
    [
        (b"", "required"),
        (b"hello", "not_a_scan"),
        (b"%PDF-1.7 cut off", "not_a_scan"),
        (b"%PDF-" + b"0" * MAX_BYTES + b"%%EOF", "too_large"),
        (b"<svg/>", "not_a_scan"),
    ],
)
def test_without_a_scan_nothing_is_recorded(sign: Sign, scan: bytes, code: str) -> None:
    assert refusal(sign, scan=scan) == code
    assert not Consent.objects.exists()
    assert not PaperForm.objects.exists()


def test_one_sheet_carries_one_answer(sign: Sign, tenant: Property) -> None:
    scan = factories.make_scan()
    sign(scan=scan)
    for again in ({"purpose": ConsentPurpose.TRANSMISSION}, {"person": factories.make_person(tenant)}):
        assert refusal(sign, scan=scan, **again) == "scan_taken"
    assert Consent.objects.count() == 1


def test_a_day_to_come_and_a_day_before_the_notice_are_refused(sign: Sign) -> None:
    today = timezone.localdate()
    assert refusal(sign, signed_on=today + timedelta(days=1)) == "future"
    assert refusal(sign, signed_on=today - timedelta(days=1)) == "before_notice"


def test_a_sheet_with_an_older_notice_is_refused(sign: Sign, tenant: Property) -> None:
    old = Notice.objects.filter(tenant=tenant).current()
    factories.make_notice(tenant, retention_zh="三十天")
    assert refusal(sign, notice=old) == "notice_changed"


def test_only_a_member_of_this_property_assists(sign: Sign, tenant: Property, desk: User) -> None:
    remove_member(tenant=tenant, membership=desk.memberships.get())
    assert refusal(sign) == "not_a_member"


def test_the_persons_own_no_outweighs_a_sheet_for_48_hours(sign: Sign, person: Person) -> None:
    factories.agree(factories.make_visit(person.tenant, person), DECLINE)
    assert refusal(sign) == "refused_before"
    factories.rewrite(Consent.objects.all(), decided_at=timezone.now() - timedelta(hours=49))
    assert sign().decision == AGREE


def test_a_sheet_from_before_the_persons_own_answer_is_refused(sign: Sign, person: Person) -> None:
    factories.agree(factories.make_visit(person.tenant, person))
    tomorrow = timezone.now() + timedelta(days=1)
    factories.rewrite(Consent.objects.all(), decided_at=tomorrow)
    assert refusal(sign) == "answered_since"


def test_a_signed_no_takes_back_what_was_agreed_and_erases_the_face(sign: Sign, person: Person) -> None:
    factories.agree(factories.make_visit(person.tenant, person))
    move_face(person=person, target=FaceState.ENROLLED)
    consent = sign(record=answer_on_paper, decision=DECLINE)
    assert consent.decision == DECLINE
    assert not Consent.objects.filter(decision=AGREE, withdrawn_at__isnull=True).exists()
    assert Erasure.objects.get().person == person
    assert set(consent_statuses(Person.objects.get(pk=person.pk)).values()) == {
        ConsentStatus.DECLINED,
        ConsentStatus.WITHDRAWN,
    }


def test_a_bad_sheet_takes_nothing_back(sign: Sign, person: Person) -> None:
    factories.agree(factories.make_visit(person.tenant, person))
    assert refusal(sign, record=answer_on_paper, decision=DECLINE, scan=b"") == "required"
    assert not Erasure.objects.exists()
    assert set(consent_statuses(person).values()) == {ConsentStatus.AGREED}


def test_for_a_child_the_guardian_signs(sign: Sign, tenant: Property) -> None:
    factories.allow_children(tenant)
    guardian = factories.make_guardian(tenant)
    assert refusal(sign, person=guardian.child) == "needs_guardian"
    assert sign(person=guardian.child, guardian=guardian).given_by == GivenBy.GUARDIAN


def test_an_erasure_empties_the_scan_and_keeps_its_fingerprint(sign: Sign, person: Person) -> None:
    fingerprint = sign().paper.scan_sha256
    store = PaperStore()
    assert (store.count(person), store.erase(person), store.count(person)) == (1, 1, 0)
    paper = PaperForm.objects.get()
    assert (bytes(paper.scan), paper.scan_sha256) == (b"", fingerprint)


def test_a_scan_is_known_by_its_content() -> None:
    assert scan_type(encoded(PAGE)) == "image/jpeg"
    assert scan_type(encoded(PAGE, "PNG")) == "image/png"
    assert scan_type(factories.make_scan()) == "application/pdf"
    assert scan_type(encoded(PAGE)[:-10]) is None
