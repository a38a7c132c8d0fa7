"""The evidence about a person: found by a code, downloaded by those who see how the law is kept."""

import io
import json
import zipfile
from collections.abc import Callable

from django.test import Client
from pytest_django import Settings

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.people.kinds import AgeBand
from tenants.people.services import minors
from tenants.rights.bundle_archive import check
from tests import factories

Address = Callable[..., str]
SignIn = Callable[[Role], Client]


def test_an_auditor_finds_a_person_by_the_code_and_downloads_a_valid_bundle(
    sign_in: SignIn, tenant: Property, address: Address
) -> None:
    person, _visit = factories.make_consented_person(tenant)
    factories.agree(factories.make_visit(tenant))
    auditor = sign_in(Role.AUDITOR)
    listed = auditor.get(address("evidence"), {"q": person.code.lower()})
    assert [row.pk for row in listed.context["object_list"]] == [person.pk]
    page = auditor.get(address("evidence_bundle", person.pk)).content.decode()
    assert "Make and download" in page and "李阿姨" not in page + listed.content.decode()
    file = auditor.post(address("evidence_bundle", person.pk))
    assert file["Content-Type"] == "application/zip" and person.code in file["Content-Disposition"]
    assert file["Cache-Control"] == "no-store" and check(file.content).is_valid
    with zipfile.ZipFile(io.BytesIO(file.content)) as opened:
        assert json.loads(opened.read("evidence.json"))["person"]["id"] == str(person.pk)


def test_a_name_finds_nobody_and_who_never_answered_is_not_listed(
    manager: Client, tenant: Property, address: Address
) -> None:
    factories.make_consented_person(tenant)
    factories.make_person(tenant)
    assert len(manager.get(address("evidence")).context["object_list"]) == 1
    for words in ("李", "13800138000x", "zz", "%"):
        assert list(manager.get(address("evidence"), {"q": words}).context["object_list"]) == []


def test_the_list_asks_the_same_number_of_questions_for_many(
    manager: Client, tenant: Property, address: Address, count_queries: Callable[[Client, str], int]
) -> None:
    factories.make_consented_person(tenant)
    few = count_queries(manager, address("evidence"))
    for _number in range(4):
        factories.make_consented_person(tenant)
    assert count_queries(manager, address("evidence")) == few <= 15


def test_the_desk_makes_none(desk: Client, tenant: Property, address: Address) -> None:
    person = factories.make_person(tenant)
    assert desk.get(address("evidence")).status_code == 403
    assert desk.post(address("evidence_bundle", person.pk)).status_code == 403


def test_a_minors_needs_a_second_member_first(sign_in: SignIn, tenant: Property, address: Address) -> None:
    child = factories.make_person(tenant, age_band=AgeBand.TEEN)
    asks, second = factories.make_member(tenant, Role.MANAGER), factories.make_member(tenant, Role.PRIVACY_OFFICER)
    client = Client(headers={"accept-language": "en"})
    client.force_login(asks)
    closed = client.post(address("evidence_bundle", child.pk), follow=True)
    assert "A second member must approve this first." in closed.content.decode()
    access = minors.ask_for_access(tenant=tenant, person=child, actor=asks, reason="核对")
    minors.decide_access(tenant=tenant, access=access, actor=second, is_approved=True)
    assert client.post(address("evidence_bundle", child.pk))["Content-Type"] == "application/zip"


def test_a_server_without_the_key_says_so(
    manager: Client, tenant: Property, address: Address, settings: Settings
) -> None:
    settings.EVIDENCE_KEY = None
    page = manager.post(address("evidence_bundle", factories.make_person(tenant).pk), follow=True)
    assert "no key to sign with" in page.content.decode()
