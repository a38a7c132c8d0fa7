"""Lists as files, and the pages of long work: the same rows and columns as the list, and nothing more."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from portal.security.models import AccessEvent
from portal.web import exports, workbooks
from portal.web.listings.people import PEOPLE
from portal.work import services
from portal.work.kinds import JobState
from portal.work.models import Job
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.members import change_role
from tenants.organizations.trail import Kind
from tenants.rights.kinds import ErasureReason, ErasureScope, RequestKind
from tenants.rights.services.erasures import order_erasure
from tenants.rights.services.requests import receive_from
from tests import factories
from tests.portal.work.conftest import run
from tests.recognition.steps import erase

pytestmark = pytest.mark.django_db
At = Callable[..., str]


def finish(answer: HttpResponse, tenant: Property) -> Job:
    """Do the work that an answer led to."""
    enter_tenant(tenant.pk)
    job = Job.objects.get(pk=str(answer["Location"]).split("/")[-2])
    run(job)
    enter_tenant(tenant.pk)
    job.refresh_from_db()
    return job


def file_of(client: Client, address: str, tenant: Property, **asked: Any) -> HttpResponse:
    job = finish(client.post(address, asked, HTTP_ACCEPT_LANGUAGE="en"), tenant)
    assert job.state == JobState.DONE, job.error
    return client.get(reverse("job_file", args=[tenant.slug, job.pk]))


def cells_of(answer: HttpResponse) -> list[list[Any]]:
    book = load_workbook(io.BytesIO(answer.content))
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def test_people_leave_with_the_filters_and_columns_of_the_list(client: Client, tenant: Property, at: At) -> None:
    factories.make_person(tenant, name="甲", room="1-101")
    factories.make_person(tenant, name="乙", room="2-202")
    answer = file_of(client, f"{at('people_export')}?q=1-101", tenant, format="xlsx", columns=["name", "room"])
    assert answer["Content-Type"] == workbooks.MEDIA_TYPE and "no-store" in answer["Cache-Control"]
    assert cells_of(answer) == [["Name", "Home or room"], ["甲", "1-101"]]
    enter_tenant(tenant.pk)
    event = AccessEvent.objects.get(tenant=tenant.pk, kind=Kind.EXPORTED)
    assert event.facts == {"what": "people", "count": 1}


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_no_cell_of_a_file_is_a_formula(client: Client, tenant: Property, at: At, kind: str) -> None:
    factories.make_person(tenant, name="=HYPERLINK(1)", room="＋1")
    answer = file_of(client, at("people_export"), tenant, format=kind, columns=["name", "room"])
    if kind == "csv":
        assert list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1] == ["'=HYPERLINK(1)", "'＋1"]
        return
    book = load_workbook(io.BytesIO(answer.content))
    assert [(cell.value, cell.data_type) for cell in book.worksheets[0][2]] == [("=HYPERLINK(1)", "s"), ("＋1", "s")]


def test_a_minor_s_closed_record_leaves_as_a_code(client: Client, tenant: Property, at: At) -> None:
    factories.allow_children(tenant)
    child = factories.make_child(tenant)
    everything = [column.key for column in PEOPLE.columns]
    answer = file_of(client, at("people_export"), tenant, format="csv", columns=everything)
    enter_tenant(tenant.pk)
    text = answer.content.decode("utf-8-sig")
    assert child.code in text
    assert child.identity.name not in text and (not child.identity.room or child.identity.room not in text)


def test_a_record_that_was_erased_leaves_as_a_code_and_holds_no_file_up(
    client: Client, tenant: Property, at: At
) -> None:
    person = factories.make_person(tenant)
    erase(order_erasure(tenant=tenant, person=person, reason=ErasureReason.STAY_ENDED, scope=ErasureScope.PERSON))
    address = f"{at('people_export')}?record=erased"
    assert cells_of(file_of(client, address, tenant, format="xlsx", columns=["name"])) == [["Name"], [person.code]]


@pytest.mark.parametrize("name", sorted(exports.LISTINGS))
def test_every_list_becomes_a_file(client: Client, tenant: Property, at: At, name: str) -> None:
    """A complete row in each list would be slow here: what stands in the cells is the page's own."""
    device, _code = factories.make_device(tenant)
    person = factories.make_person(tenant)
    if name == "requests":
        receive_from(visit=factories.make_visit(tenant, person), kind=RequestKind.ACCESS)
    everything = [column.key for column in exports.LISTINGS[name].columns]
    rows = cells_of(file_of(client, at(f"{name}_export"), tenant, format="xlsx", columns=everything))
    assert len(rows[0]) == len(everything)
    enter_tenant(tenant.pk)
    assert (
        len(rows) - 1
        == exports.LISTINGS[name].rows(tenant, User.objects.get(pk=client.session["_auth_user_id"])).count()
    )
    if name == "devices":
        assert device.name in rows[1]


def test_a_role_without_the_list_makes_no_file_of_it(as_role: Callable[[Role], Client], at: At) -> None:
    assert as_role(Role.AUDITOR).get(at("people_export")).status_code == 403
    assert as_role(Role.AUDITOR).get(at("devices_export")).status_code == 200


def test_nobody_sees_another_member_s_work(
    client: Client, tenant: Property, at: At, as_role: Callable[[Role], Client]
) -> None:
    factories.make_person(tenant)
    job = finish(client.post(at("people_export"), {"format": "csv", "columns": ["name"]}), tenant)
    other = as_role(Role.OWNER)
    for name in ("job", "job_file"):
        assert other.get(at(name, job)).status_code == 404
    assert other.post(at("job_cancel", job)).status_code == 404
    assert str(job.pk) not in other.get(at("work")).content.decode()
    assert str(job.pk) in client.get(at("work")).content.decode()


def test_whoever_lost_the_right_to_the_list_lost_its_file(
    client: Client, tenant: Property, owner: User, at: At
) -> None:
    factories.make_person(tenant)
    job = finish(client.post(at("people_export"), {"format": "csv", "columns": ["name"]}), tenant)
    membership = owner.memberships.get(tenant=tenant)
    factories.make_member(tenant, Role.OWNER)
    change_role(tenant=tenant, membership=membership, role=Role.AUDITOR)
    assert client.get(at("job_file", job)).status_code == 403


def test_the_page_of_work_asks_again_until_it_is_over(client: Client, tenant: Property, at: At) -> None:
    factories.make_person(tenant)
    answer = client.post(at("people_export"), {"format": "csv", "columns": ["name"]})
    address = str(answer["Location"])
    assert 'hx-trigger="every 2s"' in client.get(address).content.decode()
    headers = {"HX-Request": "true", "HX-Target": "progress"}
    part = client.get(address, headers=headers)
    assert "<html" not in part.content.decode() and "HX-Refresh" not in part
    finish(answer, tenant)
    assert client.get(address, headers=headers)["HX-Refresh"] == "true"
    page = client.get(address).content.decode()
    assert 'hx-trigger="every 2s"' not in page and "/file/" in page


def test_a_file_that_is_gone_says_so(client: Client, tenant: Property, at: At) -> None:
    factories.make_person(tenant)
    job = finish(client.post(at("people_export"), {"format": "csv", "columns": ["name"]}), tenant)
    Job.objects.update(next_at=timezone.now())
    services.keep_house(tenant=tenant)
    answer = client.get(at("job_file", job), follow=True)
    assert answer.redirect_chain and answer.context["messages"]


def test_lists_and_pages_of_work_stay_constant_in_queries(
    client: Client, tenant: Property, at: At, queries: Callable[[Callable[[], Any]], int]
) -> None:
    def measured() -> list[int]:
        return [queries(lambda name=name: client.get(at(name))) for name in ("work", "people", "people_export")]

    factories.make_person(tenant)
    finish(client.post(at("people_export"), {"format": "csv", "columns": ["name"]}), tenant)
    client.get(at("people"))
    few = measured()
    for _number in range(3):
        factories.make_person(tenant)
        finish(client.post(at("people_export"), {"format": "csv", "columns": ["name"]}), tenant)
    assert measured() == few
