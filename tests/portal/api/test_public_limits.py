"""Without an account: the API's callers are counted together with those of the pages, and checked alike."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from portal.api.throttles import PublicThrottle
from portal.limits import COMPLAINTS_BY_ADDRESS, REQUESTS_BY_ADDRESS, REQUESTS_BY_PROPERTY, WRONG_CODES
from tenants.organizations.models import Property
from tenants.rights.kinds import ErasureReason, ErasureScope
from tenants.rights.models import RightsRequest
from tenants.rights.services.erasures import order_erasure
from tests import factories
from tests.portal.api.conftest import Caller
from tests.tenants.rights.package_steps import ask, build

GIVEN = {"kind": "access", "name": "李阿姨", "contact": "13800138000"}
KINDS = ("requests", "complaints")
PAYLOADS = {"requests": GIVEN, "complaints": {"text": "摄像头太多"}}
PAGES = {"requests": "request_form", "complaints": "complaint_form"}
LIMITS = {"requests": REQUESTS_BY_ADDRESS, "complaints": COMPLAINTS_BY_ADDRESS}


@pytest.fixture(autouse=True)
def no_minute_s_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit of all public addresses per minute stands before these."""
    monkeypatch.setattr(PublicThrottle, "allow_request", lambda *_args: True)


@pytest.fixture
def nobody(caller: Caller) -> APIClient:
    return caller(None)


def url(tenant: Property, what: str, code: str = "") -> str:
    return f"/api/v1/public/{tenant.slug}/{what}/" + (f"{code}/" if code else "")


@pytest.mark.parametrize("what", KINDS)
def test_one_address_asks_no_oftener_than_on_the_page(nobody: APIClient, tenant: Property, what: str) -> None:
    limit = LIMITS[what]
    for _time in range(limit.count):
        assert nobody.post(url(tenant, what), PAYLOADS[what], format="json").status_code == 201
    refused = nobody.post(url(tenant, what), PAYLOADS[what], format="json")
    assert refused.status_code == 429 and int(refused["Retry-After"]) == limit.seconds
    page = reverse(PAGES[what], args=[tenant.slug])
    assert Client().post(page, PAYLOADS[what]).status_code == 429, "the page counts the same caller"
    assert nobody.post(url(tenant, what), PAYLOADS[what], format="json", REMOTE_ADDR="198.51.100.7").status_code == 201


def test_many_addresses_together_fill_no_inbox(nobody: APIClient, tenant: Property) -> None:
    for _time in range(REQUESTS_BY_PROPERTY.count):
        REQUESTS_BY_PROPERTY.count_one(str(tenant.pk))
    assert nobody.post(url(tenant, "requests"), GIVEN, format="json").status_code == 429
    other = factories.make_property(slug="other")
    assert nobody.post(url(other, "requests"), GIVEN, format="json").status_code == 201


@pytest.mark.parametrize("what", KINDS)
def test_wrong_codes_are_counted_and_right_ones_are_not(nobody: APIClient, tenant: Property, what: str) -> None:
    code = nobody.post(url(tenant, what), PAYLOADS[what], format="json").json()["tracking_code"]
    for _time in range(WRONG_CODES.count):
        assert nobody.get(url(tenant, what, code)).status_code == 200
    for _time in range(WRONG_CODES.count):
        assert nobody.get(url(tenant, what, "0000-0000-0000-0000")).status_code == 404
    assert nobody.get(url(tenant, what, code)).status_code == 429
    cache.clear()
    assert nobody.get(url(tenant, what, code)).status_code == 200


@pytest.mark.parametrize("contact", ["13800138000", "13999999999"])
def test_a_correction_says_what_is_wrong_whoever_asks(nobody: APIClient, tenant: Property, contact: str) -> None:
    factories.make_person(tenant, phone="13800138000")
    given = GIVEN | {"kind": "correct", "contact": contact}
    refused = nobody.post(url(tenant, "requests"), given | {"message": " "}, format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["message"])
    assert not RightsRequest.objects.exists()
    assert nobody.post(url(tenant, "requests"), given | {"message": "房号是3"}, format="json").status_code == 201


def test_a_package_is_not_given_once_an_erasure_was_ordered(nobody: APIClient, tenant: Property) -> None:
    person = factories.make_person(tenant)
    package, code = ask(tenant, person)
    build(package)
    assert nobody.get(url(tenant, "requests", code) + "package/").status_code == 200
    order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED, scope=ErasureScope.PERSON)
    refused = nobody.get(url(tenant, "requests", code) + "package/")
    assert (refused.status_code, refused.json()["code"]) == (400, "erased")
