"""The package on a request's page: how far it is, stopping it, and having it built once more."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.web.reads import requests as reads
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.rights.kinds import PackageState
from tenants.rights.models import Package
from tests import factories
from tests.tenants.rights.package_steps import ask, build

Address = Callable[..., str]


def empty(_contents: dict[str, Any], **_how: Any) -> dict[str, bytes]:
    """What is in it is no matter here."""
    return {"read-me.txt": b""}


@pytest.fixture
def asked(tenant: Property) -> tuple[Package, str]:
    return ask(tenant, factories.make_person(tenant))


def test_the_page_says_how_far_it_is_and_reads_nothing_of_the_request_to_ask_again(
    manager: Client,
    tenant: Property,
    address: Address,
    asked: tuple[Package, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each opening of a minor's record is written down: once for the page, not every two seconds."""
    package, _code = asked
    shown = manager.get(address("request", package.request_id)).content.decode()
    progress = address("request_package_progress", package.request_id)
    assert f'hx-get="{progress}"' in shown
    openings: list[object] = []
    with monkeypatch.context() as watched:
        watched.setattr(reads, "open_record", lambda *about: openings.append(about))
        part = manager.get(progress, HTTP_HX_REQUEST="true")
    assert not openings
    assert "<html" not in part.content.decode() and "HX-Refresh" not in part
    assert manager.get(progress).url == address("request", package.request_id)
    enter_tenant(tenant.pk)
    build(package, renderer=empty)
    assert manager.get(progress, HTTP_HX_REQUEST="true")["HX-Refresh"] == "true"
    assert "can be downloaded until" in manager.get(address("request", package.request_id)).content.decode()


def test_it_is_stopped_after_a_question_and_built_once_more(
    manager: Client, tenant: Property, address: Address, asked: tuple[Package, str]
) -> None:
    package, code = asked
    page, stop = address("request", package.request_id), address("request_package_stop", package.request_id)
    assert stop in manager.get(page).content.decode()
    assert manager.get(stop).status_code == 200
    enter_tenant(tenant.pk)
    package.refresh_from_db()
    assert package.state == PackageState.WAITING
    assert manager.post(stop).url == page
    enter_tenant(tenant.pk)
    assert build(package, renderer=empty).state == PackageState.STOPPED, "a late message builds nothing"
    again = manager.get(page).content.decode()
    assert address("request_package_again", package.request_id) in again and stop not in again
    theirs = reverse("request_package", args=[tenant.slug, code])
    told = Client().get(theirs, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "The desk has stopped it for now" in told
    assert manager.post(stop).status_code == 200, "the form says that none is being built"
    manager.post(address("request_package_again", package.request_id))
    enter_tenant(tenant.pk)
    assert build(package, renderer=empty).state == PackageState.READY


def test_whoever_answers_no_requests_stops_no_package(
    desk: Client, address: Address, asked: tuple[Package, str]
) -> None:
    stop = address("request_package_stop", asked[0].request_id)
    assert stop not in desk.get(address("request", asked[0].request_id)).content.decode()
    assert desk.post(stop).status_code == 403
