"""The page of a package: how far it is, the download by its code alone, and the end of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal import limits
from tenants.organizations.models import Property
from tenants.rights.kinds import ErasureReason, ErasureScope, PackageKind, PackageState
from tenants.rights.models import Package
from tenants.rights.services.erasures import order_erasure
from tests import factories
from tests.tenants.rights.package_steps import ask, build, read, unpack


@pytest.fixture
def asked(tenant: Property) -> tuple[Package, str]:
    return ask(tenant, factories.make_person(tenant, name="欧阳锦绣"))


def address(package: Package, code: str) -> str:
    return reverse("request_package", args=[package.tenant.slug, code])


def page(client: Client, path: str, **headers: str) -> str:
    return client.get(path, HTTP_ACCEPT_LANGUAGE="en", **headers).content.decode()


def test_while_it_is_built_the_page_says_how_far(client: Client, asked: tuple[Package, str]) -> None:
    package, code = asked
    Package.objects.update(state=PackageState.BUILDING, progress=40)
    whole = page(client, address(package, code))
    assert "40 %" in whole and "come back with your tracking code" in whole and "Look again" in whole
    part = page(client, address(package, code), HTTP_HX_REQUEST="true")
    assert "40 %" in part and "<html" not in part
    Package.objects.update(state=PackageState.WAITING)
    assert "It waits for its turn" in page(client, address(package, code))


def test_when_it_is_ready_the_block_loads_the_page_anew(client: Client, asked: tuple[Package, str]) -> None:
    package, code = asked
    build(package)
    assert client.get(address(package, code), HTTP_HX_REQUEST="true")["HX-Refresh"] == "true"


def test_the_download_is_a_form_and_no_cache_keeps_it(client: Client, asked: tuple[Package, str]) -> None:
    package, code = asked
    build(package)
    shown = page(client, address(package, code))
    assert "Download (zip)" in shown and 'method="post"' in shown and "欧阳锦绣" not in shown
    answer = client.post(address(package, code))
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/zip", "no-store")
    assert answer["Content-Disposition"] == f'attachment; filename="{package.request.number}.zip"'
    assert read(unpack(answer.content))["stores"]["identity"][0]["name"] == "欧阳锦绣"
    package.refresh_from_db()
    assert package.downloads == 1, "to look is no download"


def test_once_an_erasure_is_ordered_the_page_offers_nothing(client: Client, asked: tuple[Package, str]) -> None:
    package, code = asked
    person = build(package).request.person
    order_erasure(tenant=package.tenant, person=person, reason=ErasureReason.REQUESTED, scope=ErasureScope.PERSON)
    assert client.post(address(package, code)).status_code == 410
    shown = client.get(address(package, code), HTTP_ACCEPT_LANGUAGE="en")
    assert shown.status_code == 410 and "and the package with it" in shown.content.decode()


def test_the_page_of_a_transfer_says_so(client: Client, tenant: Property) -> None:
    package, code = ask(tenant, factories.make_person(tenant), kind=PackageKind.TRANSFER)
    build(package)
    assert "Your data, to hand on" in page(client, address(package, code))


def test_a_code_of_another_request_downloads_nothing(client: Client, tenant: Property) -> None:
    (mine, code), (theirs, _code) = (ask(tenant, factories.make_person(tenant)) for _time in range(2))
    build(theirs)
    assert client.post(address(mine, code)).status_code == 410
    assert client.post(address(theirs, "0000-0000-0000-0000")).status_code == 404


def test_guessing_is_stopped_for_downloads_too(client: Client, asked: tuple[Package, str]) -> None:
    package, code = asked
    build(package)
    for _number in range(limits.WRONG_CODES.count):
        client.post(address(package, "0000-0000-0000-0000"))
    assert client.post(address(package, code)).status_code == 429


@pytest.mark.parametrize("end", ["expired", "erased", "none"])
def test_what_is_over_is_said_in_a_sentence(client: Client, asked: tuple[Package, str], end: str) -> None:
    package, code = asked
    build(package)
    if end == "expired":
        Package.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif end == "erased":
        Package.objects.update(state=PackageState.ERASED, sealed=b"", erased_at=timezone.now())
    else:
        Package.objects.update(state=PackageState.WAITING, sealed=b"")
        assert client.post(address(package, code)).status_code == 410
        return
    for answer in (client.get(address(package, code), HTTP_ACCEPT_LANGUAGE="en"), client.post(address(package, code))):
        assert answer.status_code == 410
    assert "There is nothing to download" in page(client, address(package, code))


def test_a_failure_is_said_too(client: Client, asked: tuple[Package, str]) -> None:
    package, code = asked
    Package.objects.update(state=PackageState.FAILED)
    assert "The package could not be made" in page(client, address(package, code))


def test_the_api_hands_out_the_same(client: Client, asked: tuple[Package, str]) -> None:
    package, code = asked
    path = f"/api/v1/public/{package.tenant.slug}/requests/{code}/package/"
    assert client.get(path).status_code == 400
    build(package)
    answer = client.get(path)
    assert answer["Content-Type"] == "application/zip" and "no-store" in answer["Cache-Control"]
    assert "package.json" in unpack(answer.content)
