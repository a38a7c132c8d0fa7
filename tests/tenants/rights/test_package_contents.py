"""What stands in a package: everything about one person in words, and nothing about another."""

import hashlib
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.web import package_files
from portal.web.pdf import CannotDraw
from recognition.matching.models import DoorEvent
from recognition.matching.passing import try_pass
from tenants.organizations.models import Property
from tenants.people.models import Consent, Person
from tenants.people.services import passes
from tenants.premises.kinds import DeviceMode, MethodKind
from tenants.rights import package_contents, stores
from tenants.rights.kinds import PackageKind, Requester
from tenants.rights.package_reasons import REASONS
from tenants.rights.services.packages import open_package
from tenants.rights.services.withdrawals import withdraw
from tests import factories
from tests.recognition.steps import enroll, knock
from tests.tenants.rights.package_steps import ask, build, get, read, unpack


@pytest.fixture
def person(tenant: Property) -> Person:
    """Somebody with consents, a face, an event that opened, and one that did not."""
    factories.make_lawful(tenant)
    person = factories.make_person(tenant, name="欧阳锦绣")
    factories.agree(factories.make_visit(tenant, person))
    enroll(tenant, person, "ouyang")
    device, _code = factories.make_active_device(tenant)
    knock(tenant, device, "ouyang", person)
    DoorEvent(
        tenant=tenant, device=device, person=person, mode=DeviceMode.VERIFY, is_allowed=False, rule="near_tie",
        at=timezone.now(),
    ).save()  # fmt: skip
    return Person.objects.get(pk=person.pk)


def test_the_files_are_readable_twice_and_checked_by_their_sums(tenant: Property, person: Person) -> None:
    files = get(tenant, person)
    assert list(files) == ["package.html", "package.pdf", "package.json", "read-me.txt", "manifest.json", "SHA256SUMS"]
    assert files["package.pdf"].startswith(b"%PDF-")
    sums = dict(reversed(line.split("  ")) for line in files["SHA256SUMS"].decode().splitlines())
    assert sums == {n: hashlib.sha256(b).hexdigest() for n, b in files.items() if n != "SHA256SUMS"}
    listed = {row["name"]: (row["sha256"], row["bytes"]) for row in read(files, "manifest.json")["files"]}
    assert listed == {name: (sums[name], len(files[name])) for name in list(files)[:4]}


def test_a_machine_without_pango_gives_the_page_alone(tenant: Property, person: Person) -> None:
    def cannot(*_args: Any, **_how: Any) -> None:
        raise CannotDraw("no Pango")

    package, _code = ask(tenant, person)
    request = type(package.request).objects.select_related("person__tenant__handler").get(pk=package.request_id)
    contents = package_contents.contents(request=request, kind=PackageKind.ACCESS, made_at=timezone.now())
    files = package_files.write(
        contents, kind=PackageKind.ACCESS, language="zh-hans", step=lambda _percent: None, drawer=cannot
    )
    assert "package.pdf" not in files and b"package.pdf" not in files["read-me.txt"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_speaks_the_language_of_the_request(tenant: Property, person: Person, language: str) -> None:
    page = get(tenant, person, language=language)["package.html"].decode()
    assert f'<html lang="{language}">' in page
    assert ("Two people look too much alike" in page) == (language == "en")
    assert "欧阳锦绣" in page and "near_tie" in page
    assert "<script" not in page and not re.search(r'(?:src|href)="', page), "it fetches nothing"


def test_every_denial_names_its_rule_in_words(tenant: Property, person: Person) -> None:
    package = read(get(tenant, person, language="en"))
    denied, allowed = package["events"]
    assert (denied["is_allowed"], denied["rule"]) == (False, "near_tie")
    assert denied["sentence"] == "Two people look too much alike to be sure."
    assert allowed["is_allowed"] and allowed["door"]
    withdraw(visit=factories.make_visit(tenant, person))
    last = read(get(tenant, person, language="en"))["decisions"][-1]
    assert not last["is_allowed"] and last["reasons"]
    assert all(reason["sentence"] and reason["article"] for reason in last["reasons"])


def test_every_consent_comes_with_the_notice_that_was_shown(tenant: Property, person: Person) -> None:
    package = read(get(tenant, person))
    assert {row["purpose"] for row in package["consents"]} == {"recognition", "transmission"}
    notice = Consent.objects.filter(person=person).first().notice
    shown = {(row["version"], row["sha256"]): row["texts"] for row in package["notices"]}
    for row in package["consents"]:
        assert shown[row["notice_version"], row["notice_sha256"]]["purpose_method"] == notice.purpose_method_zh
        assert row["decided_at"] and row["ends_on"] and row["stands"]


def test_it_says_what_why_since_and_until(tenant: Property, person: Person) -> None:
    package = read(get(tenant, person, language="en"))
    held = {row["store"]: row for row in package["held"]}
    assert set(held) == {store.name for store in stores.stores()}
    assert all(row["label"] and row["purpose"] and row["article"] and row["until"] for row in held.values())
    assert held["identity"]["count"] == 1 and held["identity"]["since"]
    today = timezone.localdate()
    assert held["templates"]["since"] == today.isoformat()
    assert held["templates"]["until_on"] == (today + timedelta(days=tenant.face_days)).isoformat()
    assert str(tenant.event_days) in held["events"]["until"]


def test_every_store_has_its_reason() -> None:
    assert {store.name for store in stores.stores()} <= set(REASONS)


def test_it_holds_no_face_and_nobody_else(tenant: Property, person: Person) -> None:
    neighbour, _visit = factories.make_consented_person(tenant)
    enroll(tenant, neighbour, "wang")
    guardian = factories.make_guardian(tenant, guardian=person)
    files = get(tenant, person)
    text = b"".join(files.values()).decode("utf-8", "replace")
    assert "李阿姨" not in text and "欧阳锦绣" in text
    for other in (neighbour.pk, guardian.child_id):
        assert str(other) not in text
    assert "小宝" not in text
    for word in ("embedding", "wrapped", "token_hash", "code_hash", "seal_key"):
        assert word not in text


def test_a_child_gets_nothing_of_the_guardian_who_asked(tenant: Property) -> None:
    guardian = factories.make_guardian(tenant)
    package, code = ask(tenant, guardian.child, asked_by=Requester.GUARDIAN, relation="她是我的孩子", language="en")
    type(package.request).objects.update(name="王妈妈", contact="13700137000")
    build(package)
    files = unpack(open_package(request=package.request, code=code))
    text = b"".join(files.values()).decode("utf-8", "replace")
    assert "王妈妈" not in text and "13700137000" not in text and str(guardian.guardian_id) not in text
    assert "A parent or guardian asked. Everything in here is about the child" in files["package.html"].decode()
    assert read(files)["stores"]["guardians"][0]["you_are"] == "child"


def test_passes_are_shown_in_words_and_none_of_their_secrets(tenant: Property) -> None:
    person = factories.make_person(tenant)
    door = factories.make_door(tenant, methods=(MethodKind.FACE, MethodKind.CARD))
    card = passes.issue_card(tenant=tenant, person=person, number="0004567890AB", doors=[door])
    pin_pass, pin = passes.issue_pin(tenant=tenant, person=person)
    try_pass(device=factories.make_device(tenant, door)[0], kind="card", card="0004567890AB")
    files = get(tenant, person, language="en")
    text = (files["package.json"] + files["package.html"]).decode()
    assert not any(secret in text for secret in ("0004567890AB", card.card_hash, f">{pin}<", pin_pass.pin_hash))
    assert read(files)["events"][0]["sentence"] == "The pass is valid at this door."
    page = files["package.html"].decode()
    for shown in ("90AB", door.name, "Active", pin_pass.pass_number, "The pass is valid at this door."):
        assert shown in page


def test_reading_takes_as_many_queries_for_one_row_as_for_fifty(tenant: Property) -> None:
    person, _visit = factories.make_consented_person(tenant)
    device = factories.make_device(tenant)[0]

    def more(count: int) -> None:
        like = Consent.objects.filter(person=person).values().first()
        Consent.objects.bulk_create(Consent(**like | {"id": uuid.uuid4()}) for _number in range(count))
        DoorEvent.objects.bulk_create(
            DoorEvent(
                tenant=tenant, device=device, person=person, mode=DeviceMode.VERIFY, is_allowed=False, rule="no_match",
                at=timezone.now() - timedelta(minutes=number),
            )
            for number in range(count)
        )  # fmt: skip

    def queries() -> int:
        package, _code = ask(tenant, person)
        with CaptureQueriesContext(connection) as seen:
            build(package, renderer=lambda contents, **_how: {"x": b""})
        return len(seen)

    more(1)
    one = queries()
    more(50)
    assert Consent.objects.filter(person=person).count() >= 50
    assert queries() == one <= 90
