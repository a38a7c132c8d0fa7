"""Guardians, signed sheets, pauses and deaths, as the desk enters them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.people.kinds import AgeBand, ConsentDecision
from tenants.people.models import (
    Consent,
    Guardian,
    MinorAccess,
    MinorAccessView,
    PaperForm,
    Person,
    PersonalLink,
    PromptRecord,
)
from tenants.people.services import minors
from tenants.rights.models import Erasure
from tenants.transparency.models import Notice
from tests import factories

Address = Callable[..., str]


def open_record(person: Person, client: Client) -> None:
    """A second member said yes to whoever is signed in here."""
    actor_id = client.session["_auth_user_id"]
    access = MinorAccess(tenant=person.tenant, person=person, asked_by_id=actor_id, reason="核对")
    access.save()
    second = factories.make_member(person.tenant, Role.OWNER)
    minors.decide_access(tenant=person.tenant, access=access, actor=second, is_approved=True)


def signed(notice: Notice, **fields: object) -> dict[str, object]:
    return {
        "notice": notice.pk,
        "purpose": "recognition",
        "decision": "agree",
        "language": "zh-hans",
        "signed_on": timezone.localdate().isoformat(),
        "was_read_aloud": "yes",
        "scan": SimpleUploadedFile("签字.pdf", factories.make_scan(), content_type="application/pdf"),
    } | fields


@pytest.fixture
def notice(tenant: Property) -> Notice:
    return factories.make_notice(tenant)


def test_a_date_of_birth_becomes_an_age_and_is_gone(desk: Client, address: Address) -> None:
    born = timezone.localdate() - timedelta(days=4000)
    desk.post(address("person_add"), {"name": "小宝", "kind": "family", "age_band": "adult", "birth_date": born})
    child = Person.objects.get()
    assert (child.band, child.age_band_until.year) == (AgeBand.UNDER_14, born.year + 14)
    answer = desk.post(
        address("person_add"), {"name": "x", "kind": "family", "age_band": "adult", "birth_date": "2999-1-1"}
    )
    assert "birth_date" in answer.context["form"].errors


def test_the_guardian_is_chosen_among_grown_ups_of_the_same_home(
    desk: Client, tenant: Property, address: Address
) -> None:
    child, mother = factories.make_child(tenant), factories.make_person(tenant, "王妈妈")
    sister = factories.make_person(tenant, "大姐姐", age_band=AgeBand.TEEN)
    open_record(child, desk)
    page = desk.get(address("person_guardian", child.pk)).content.decode()
    assert "王妈妈" in page and "大姐姐" not in page
    data = {"guardian": sister.pk, "relationship": "parent", "evidence": "household_register"}
    refused = desk.post(address("person_guardian", child.pk), data)
    assert "guardian" in refused.context["form"].errors
    desk.post(address("person_guardian", child.pk), data | {"guardian": mother.pk})
    guardian = Guardian.objects.get()
    assert (guardian.guardian, guardian.recorded_by.memberships.get().role) == (mother, Role.FRONT_DESK)
    assert "王妈妈" in desk.get(address("person", child.pk)).content.decode()
    assert child.code in desk.get(address("person", mother.pk)).content.decode()
    desk.post(address("guardian_end", guardian.pk))
    assert Guardian.objects.get().ended_at


def test_a_signed_sheet_is_recorded_with_who_assisted(
    desk: Client, tenant: Property, notice: Notice, address: Address
) -> None:
    person = factories.make_person(tenant)
    sheet = desk.get(address("person_sheet", person.pk, "recognition")).content.decode()
    assert notice.content_hash in sheet and sheet.count('class="sheet-box"') == 3
    desk.post(address("person_paper", person.pk), signed(notice))
    paper = PaperForm.objects.get()
    assert paper.consent.decision == ConsentDecision.AGREE
    assert str(paper.assisted_by_id) == desk.session["_auth_user_id"]
    page = desk.get(address("person", person.pk)).content.decode()
    assert "assisted by" in page and address("paper_scan", paper.pk) in page
    scan = desk.get(address("paper_scan", paper.pk))
    assert (scan.content, scan["Content-Type"]) == (bytes(paper.scan), "application/pdf")
    assert scan["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"scan": ""}, "scan"),
        ({"scan": SimpleUploadedFile("x.pdf", b"")}, "scan"),
        ({"scan": SimpleUploadedFile("x.pdf", b"MZ")}, "scan"),
        ({"signed_on": "2999-01-01"}, "signed_on"),
        ({"decision": ""}, "decision"),
        ({"purpose": "marketing"}, "purpose"),
        ({"was_read_aloud": ""}, "was_read_aloud"),
    ],
)
def test_a_sheet_with_something_missing_is_refused_beside_its_field(
    desk: Client, tenant: Property, notice: Notice, address: Address, fields: dict[str, object], field: str
) -> None:
    person = factories.make_person(tenant)
    answer = desk.post(address("person_paper", person.pk), signed(notice, **fields))
    assert field in answer.context["form"].errors
    assert not Consent.objects.exists()


def test_the_desk_says_which_notice_was_signed(
    desk: Client, tenant: Property, notice: Notice, address: Address
) -> None:
    """Also when there is only one, and on the day of publication: nothing is taken for granted."""
    person = factories.make_person(tenant)
    url = address("person_paper", person.pk)
    page = desk.get(url).content.decode()
    assert "Version 1, in force from" in page and notice.content_hash[:8] in page and "checked" not in page
    assert "notice" in desk.post(url, signed(notice) | {"notice": ""}).context["form"].errors
    later = factories.make_notice(tenant, rights_zh="另一种说法")
    assert desk.get(url).content.decode().count('name="notice"') == 2
    desk.post(url, signed(notice))
    assert Consent.objects.get().notice == notice != later
    foreign = factories.make_notice(factories.make_property())
    enter_tenant(tenant.pk)
    assert "notice" in desk.post(url, signed(foreign)).context["form"].errors


def test_opening_the_sheet_of_a_minor_is_written_down(
    desk: Client, tenant: Property, notice: Notice, address: Address
) -> None:
    teen = factories.make_person(tenant, "小美", age_band=AgeBand.TEEN)
    open_record(teen, desk)
    desk.post(address("person_paper", teen.pk), signed(notice))
    before = MinorAccessView.objects.count()
    assert desk.get(address("paper_scan", PaperForm.objects.get().pk)).status_code == 200
    assert MinorAccessView.objects.count() == before + 1


def test_a_signed_no_erases_the_face(desk: Client, tenant: Property, address: Address) -> None:
    person, _visit = factories.make_consented_person(tenant)
    notice = Notice.objects.filter(tenant=tenant).current()
    desk.post(address("person_paper", person.pk), signed(notice, decision="decline"))
    assert Erasure.objects.get().person == person


def test_for_a_child_a_guardian_must_be_named(desk: Client, tenant: Property, notice: Notice, address: Address) -> None:
    factories.allow_children(tenant)
    notice = Notice.objects.filter(tenant=tenant).current()
    guardian = factories.make_guardian(tenant)
    open_record(guardian.child, desk)
    url = address("person_paper", guardian.child_id)
    assert "guardian" in desk.post(url, signed(notice, guardian="")).context["form"].errors
    desk.post(url, signed(notice, guardian=guardian.pk))
    assert Consent.objects.get().guardian == guardian


def test_an_invitation_is_offered_once_and_never_after_a_no(
    desk: Client, tenant: Property, notice: Notice, address: Address
) -> None:
    person = factories.make_person(tenant)
    url = address("person_link", person.pk)
    assert 'value="invitation"' in desk.get(url).content.decode()
    assert desk.post(url, {"why": "invitation"}).status_code == 200
    assert PromptRecord.objects.count() == 2
    page = desk.get(url).content.decode()
    assert "within the last 48 hours" in page and 'value="invitation"' not in page
    assert desk.post(url, {"why": "invitation"}).status_code == 302
    factories.agree(factories.make_visit(tenant, person), ConsentDecision.DECLINE)
    assert 'value="invitation"' not in desk.get(url).content.decode()
    links = PersonalLink.objects.count()
    assert desk.post(url, {"why": "asked"}).status_code == 200
    assert PersonalLink.objects.count() == links + 1


def test_a_pause_and_a_death_are_confirmed_before_they_count(desk: Client, tenant: Property, address: Address) -> None:
    person = factories.make_person(tenant)
    assert "Did the person ask for it?" in desk.get(address("person_restriction", person.pk)).content.decode()
    desk.post(address("person_restriction", person.pk))
    person.refresh_from_db()
    assert person.restricted_at
    desk.post(address("person_restriction", person.pk))
    url = address("person_death", person.pk)
    assert "died_on" in desk.post(url, {"died_on": "2999-01-01"}).context["form"].errors
    desk.post(url, {"died_on": timezone.localdate().isoformat()})
    person.refresh_from_db()
    assert (person.restricted_at, person.died_on) == (None, timezone.localdate())
    desk.post(url)
    person.refresh_from_db()
    assert person.died_on is None


def test_the_page_of_a_person_reads_no_scan(desk: Client, tenant: Property, notice: Notice, address: Address) -> None:
    """Scans are megabytes; a page that only names a sheet leaves them where they are."""
    person = factories.make_person(tenant)
    desk.post(address("person_paper", person.pk), signed(notice))
    with CaptureQueriesContext(connection) as captured:
        desk.get(address("person", person.pk))
    assert not [query for query in captured.captured_queries if '"people_paperform"."scan",' in query["sql"]]
