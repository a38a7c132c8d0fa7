"""The page of work: jobs, photos handed in and packages in one list while they are under way."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.work.models import Job
from recognition.enrollment import batches
from recognition.enrollment.models import EnrollmentState, PhotoBatch
from recognition.enrollment.services import finish
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.rights.kinds import PackageState
from tenants.rights.models import Package
from tests import factories
from tests.fakes import face_photo
from tests.tenants.rights.package_steps import ask

pytestmark = pytest.mark.django_db
At = Callable[..., str]
PART = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "under-way", "HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture
def hand_in(tenant: Property, owner: User) -> Callable[[], PhotoBatch]:
    factories.make_active_device(tenant)

    def two_photos() -> PhotoBatch:
        """One of two is done."""
        enter_tenant(tenant.pk)
        batch = batches.start(tenant=tenant, started_by=owner)
        for _number in range(2):
            person = factories.make_consented_person(tenant)[0]
            row = batches.add(batch=batch, actor=owner, label=f"{person.code}.jpg", photo=face_photo("li"))
        assert row is not None and row.enrollment is not None
        finish(enrollment=row.enrollment, state=EnrollmentState.DONE)
        return batch

    return two_photos


def package_of(tenant: Property) -> Package:
    enter_tenant(tenant.pk)
    package, _code = ask(tenant, factories.make_person(tenant))
    return package


def test_whatever_takes_long_stands_in_one_list_with_how_far_it_is(
    client: Client, tenant: Property, at: At, hand_in: Callable[[], PhotoBatch]
) -> None:
    batch, package = hand_in(), package_of(tenant)
    factories.rewrite(Package.objects.filter(pk=package.pk), state=PackageState.BUILDING, progress=40)
    client.post(at("people_export"), {"format": "csv", "columns": ["name"]})
    page = client.get(at("work"), HTTP_ACCEPT_LANGUAGE="en")
    job = Job.objects.get()
    rows = {row.key: row for row in page.context["under_way"]}
    assert list(rows) == [f"job-{job.pk}", f"package-{package.pk}", f"batch-{batch.pk}"]
    assert [(row.detail, row.percent) for row in rows.values()] == [
        ("0 of 3", 0),
        ("Being built", 40),
        ("1 of 2", 50),
    ]
    shown = page.content.decode()
    assert 'hx-trigger="every 5s"' in shown
    for address in (
        at("job", job),
        at("job_cancel", job),
        at("batch", batch),
        at("batch_stop", batch),
        reverse("request", args=[tenant.slug, package.request_id]),
        reverse("request_package_stop", args=[tenant.slug, package.request_id]),
    ):
        assert f'"{address}"' in shown, address


def test_the_list_is_asked_for_alone_and_the_page_is_loaded_anew_when_something_ended(
    client: Client, tenant: Property, at: At, hand_in: Callable[[], PhotoBatch]
) -> None:
    done, stopped = hand_in(), hand_in()
    part = client.get(at("work"), {"shown": "2"}, **PART)
    assert "<html" not in part.content.decode() and "HX-Refresh" not in part
    enter_tenant(tenant.pk)
    batches.stop(batch=stopped)
    for row in done.rows.filter(enrollment__finished_at=None):
        finish(enrollment=row.enrollment, state=EnrollmentState.DONE)
    part = client.get(at("work"), {"shown": "2"}, **PART)
    assert part["HX-Refresh"] == "true" and "every 5s" not in part.content.decode()


def test_nobody_learns_here_of_what_their_role_does_not_see(
    as_role: Callable[[Role], Client], tenant: Property, at: At, hand_in: Callable[[], PhotoBatch]
) -> None:
    hand_in(), package_of(tenant)
    assert as_role(Role.AUDITOR).get(at("work")).context["under_way"] == []
    assert [row.key[:5] for row in as_role(Role.PRIVACY_OFFICER).get(at("work")).context["under_way"]] == ["packa"]
    package, batch = as_role(Role.FRONT_DESK).get(at("work")).context["under_way"]
    assert (package.stop_url, batch.stop_url != "") == ("", True), "the desk answers no request"


def test_the_list_costs_as_many_queries_however_much_is_under_way(
    client: Client, tenant: Property, at: At, hand_in: Callable[[], PhotoBatch], queries: Callable[..., Any]
) -> None:
    def measured() -> int:
        return queries(lambda: client.get(at("work")))

    def one_of_each() -> None:
        hand_in(), package_of(tenant)
        client.post(at("people_export"), {"format": "csv", "columns": ["name"]})

    one_of_each()
    few = measured()
    for _number in range(2):
        one_of_each()
    assert measured() == few
    assert len(client.get(at("work")).context["under_way"]) == 9
