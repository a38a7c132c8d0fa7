"""The certificate of an erasure: issued once, when the last receipt is in; every byte of it counts."""

import json
import random
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from pytest_django import Settings

from recognition.vault.models import PersonKey
from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.people.models import Person
from tenants.rights import jobs, signing, stores
from tenants.rights.certificate_text import Verdict, canonical, check, wrap
from tenants.rights.kinds import ErasureReason, ErasureScope, HoldKind, MessageKind, RequestKind
from tenants.rights.models import Certificate, Erasure, LegalHold, RequestMessage
from tenants.rights.services import answering, certificates, holds, identity, requests
from tenants.rights.services.erasures import order_erasure, preview
from tests import factories
from tests.recognition.steps import enroll, erase, knock

NAME = "欧阳锦绣"


@pytest.fixture
def person(tenant: Property) -> Person:
    factories.make_lawful(tenant)
    person = factories.make_person(tenant, NAME)
    factories.agree(factories.make_visit(tenant, person))
    device, _code = factories.make_active_device(tenant)
    enroll(tenant, person, "ouyang")
    knock(tenant, device, "ouyang", person)
    return Person.objects.get(pk=person.pk)


def certified(tenant: Property, person: Person, scope: ErasureScope = ErasureScope.PERSON) -> Certificate:
    erasure = erase(order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED, scope=scope))
    jobs.certify(tenant_id=tenant.pk, erasure_id=erasure.pk)
    return Certificate.objects.get(erasure=erasure)


def test_it_says_what_went_where_and_when_and_names_nobody(tenant: Property, person: Person) -> None:
    certificate = certified(tenant, person)
    checked = check(certificates.file(certificate))
    assert checked.verdict == Verdict.VALID
    says = checked.says or {}
    assert (says["person"], says["number"]) == (str(person.pk), certificate.number)
    assert {row["store"] for row in says["stores"]} == {row.name for row in stores.stores_for(ErasureScope.PERSON)}
    assert {row["remaining"] for row in says["stores"]} == {0}
    assert says["keys_destroyed"] == 1
    assert says["evidence_kept_until"][:4] == str(int(says["completed_at"][:4]) + 3)
    for word in (NAME, "13800138000", "3-1202"):
        assert word not in certificate.body


def test_it_is_issued_once_and_not_before_the_last_receipt(tenant: Property, person: Person) -> None:
    erasure = order_erasure(tenant=tenant, person=person, reason=ErasureReason.WITHDRAWN)
    jobs.erase(tenant_id=tenant.pk, erasure_id=erasure.pk, runs_as="web")
    jobs.certify(tenant_id=tenant.pk, erasure_id=erasure.pk)
    assert not Certificate.objects.exists()
    erase(erasure)
    for _time in range(2):
        jobs.certify(tenant_id=tenant.pk, erasure_id=erasure.pk)
    assert Certificate.objects.get().erasure == erasure
    assert Erasure.objects.get().is_certified


def test_a_process_without_the_key_completes_and_leaves_the_certificate_to_another(
    tenant: Property, person: Person, settings: Settings
) -> None:
    erasure = order_erasure(tenant=tenant, person=person, reason=ErasureReason.WITHDRAWN)
    key, settings.EVIDENCE_KEY = settings.EVIDENCE_KEY, None
    assert erase(erasure).completed_at is not None
    with pytest.raises(ImproperlyConfigured):
        jobs.certify(tenant_id=tenant.pk, erasure_id=erasure.pk)
    settings.EVIDENCE_KEY = key
    jobs.certify(tenant_id=tenant.pk, erasure_id=erasure.pk)
    assert Certificate.objects.exists()


def test_of_500_single_bytes_changed_removed_or_inserted_none_goes_unseen(tenant: Property, person: Person) -> None:
    """Anywhere in the file, white space and the signature too; the seed makes a miss repeat."""
    file = certificates.file(certified(tenant, person))
    assert check(file).verdict == Verdict.VALID
    chance = random.Random(20250601)  # noqa: S311 - a repeatable choice, not a secret
    for number in range(500):
        place = chance.randrange(len(file))
        byte = chance.choice([32, 10, chance.randrange(256)])
        if number % 3 == 0:
            other = file[:place] + bytes([byte if byte != file[place] else byte ^ 1]) + file[place + 1 :]
        elif number % 3 == 1:
            other = file[:place] + file[place + 1 :]
        else:
            other = file[:place] + bytes([byte]) + file[place:]
        assert check(other).verdict != Verdict.VALID, (number, place, byte)


def test_white_space_at_either_end_counts_and_so_does_another_order_of_names(tenant: Property, person: Person) -> None:
    file = certificates.file(certified(tenant, person))
    for other in (file + b"\n", b" " + file, b"\xef\xbb\xbf" + file, json.dumps(json.loads(file)).encode()):
        assert check(other).verdict == Verdict.CHANGED


def test_a_foreign_key_is_said_to_be_unknown_and_other_files_are_no_certificates(
    tenant: Property, person: Person, settings: Settings
) -> None:
    file = certificates.file(certified(tenant, person))
    settings.EVIDENCE_PUBLIC_KEYS = ""
    assert check(file).verdict == Verdict.UNKNOWN_KEY
    for other in (b"", b"hello", b"{}", b"[]", b"\xff\xfe", b"%PDF-1.7"):
        assert check(other).verdict == Verdict.UNREADABLE


def test_other_evidence_signed_with_the_same_key_is_no_certificate() -> None:
    body = canonical({"format": "consentry-evidence-bundle-1"})
    assert check(wrap(body, signing.sign(body))).verdict == Verdict.UNREADABLE
    assert check(wrap(b"{not json}", signing.sign(b"{not json}"))).verdict == Verdict.UNREADABLE


def test_whoever_asked_reads_that_it_is_done_with_the_number(tenant: Property, person: Person) -> None:
    officer = factories.make_member(tenant, Role.PRIVACY_OFFICER)
    request, _code = requests.receive(
        tenant=tenant, kind=RequestKind.DELETE, name=NAME, contact="13800138000", language="en"
    )
    request = identity.prove_in_person(tenant=tenant, request=request, person=person, actor=officer)
    answering.answer(tenant=tenant, request=request, text="Your data is being deleted.", actor=officer)
    erasure = Erasure.objects.get(request=request)
    assert erasure.approved_by == officer
    jobs.certify(tenant_id=tenant.pk, erasure_id=erase(erasure).pk)
    message = RequestMessage.objects.filter(request=request, kind=MessageKind.TO_PERSON).latest("at")
    assert Certificate.objects.get().number in message.text
    assert "erased everywhere" in message.text
    for _time in range(2):
        jobs.certify(tenant_id=tenant.pk, erasure_id=erasure.pk)
    assert RequestMessage.objects.filter(template="certificate").count() == 1


def test_of_a_face_alone_nobody_reads_that_all_data_went(tenant: Property, person: Person) -> None:
    request, _code = requests.receive(
        tenant=tenant, kind=RequestKind.DELETE, name=NAME, contact="13800138000", language="en"
    )
    erasure = order_erasure(tenant=tenant, person=person, reason=ErasureReason.WITHDRAWN, request=request)
    jobs.certify(tenant_id=tenant.pk, erasure_id=erase(erasure).pk)
    message = RequestMessage.objects.get(template="certificate")
    assert "Your face has been erased everywhere" in message.text
    assert "Your data" not in message.text


def test_what_a_hold_keeps_is_shown_before_and_on_the_certificate(tenant: Property, person: Person) -> None:
    hold = make_hold(tenant, person)
    before = preview(person=person)
    [line] = before.held
    assert (line.name, line.count, line.until, line.article) == ("events", 1, hold.ends_on, hold.article)
    assert "events" not in {row.name for row in before.erase}
    certificate = certified(tenant, person)
    [held] = json.loads(certificate.body)["held"]
    assert held == {"store": "events", "rows": 1, "article": hold.article, "until": hold.ends_on.isoformat()}
    assert not PersonKey.objects.only("id").filter(destroyed_at__isnull=True).exists(), "A hold keeps no face"


def test_evidence_is_a_group_of_its_own_with_its_date(tenant: Property, person: Person) -> None:
    [kept] = preview(person=person).kept
    assert (kept.name, kept.count) == ("evidence", 2)
    assert kept.until is not None


def make_hold(tenant: Property, person: Person) -> LegalHold:
    asked, approves = (factories.make_member(tenant, Role.PRIVACY_OFFICER) for _one in range(2))
    hold = holds.ask(
        tenant=tenant,
        actor=asked,
        kind=HoldKind.EVENTS,
        reason="诉讼中",
        article="民事诉讼法 84",
        ends_on=timezone.localdate() + timedelta(days=90),
        person=person,
    )
    return holds.approve(tenant=tenant, hold=hold, actor=approves)
