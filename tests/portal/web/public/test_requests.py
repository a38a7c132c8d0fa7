"""Asking without an account, and following the request with its code."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.web import limits
from tenants.organizations.models import Property, User
from tenants.people.models import Person
from tenants.rights.models import RightsRequest
from tenants.rights.services import requests as service
from tests import factories

FORM = {"kind": "access", "name": "李阿姨", "contact": "13800138000", "room": "3-1202", "message": ""}


def ask(client: Client, tenant: Property, **data: str) -> tuple[object, str]:
    """Send the form; return the page that follows and the code in its address."""
    response = client.post(reverse("request_form", args=[tenant.slug]), FORM | data, follow=True)
    code = response.redirect_chain[-1][0].split("/")[-3] if response.redirect_chain else ""
    return response, code


def track(client: Client, tenant: Property, code: str) -> object:
    return client.get(reverse("request_track", args=[tenant.slug, code]))


def answered(tenant: Property, person: Person, text: str = "Here it is.") -> RightsRequest:
    request = service.confirm(tenant=tenant, request=RightsRequest.objects.get(), person=person)
    return service.answer(tenant=tenant, request=request, text=text)


def test_the_form_says_that_a_deletion_takes_the_card_too(client: Client, tenant: Property) -> None:
    page = client.get(reverse("request_form", args=[tenant.slug]), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "your cards, your PIN and your QR pass too" in page and "Stop using my face" in page


def test_a_request_gives_a_code_that_opens_it(client: Client, tenant: Property) -> None:
    response, code = ask(client, tenant)
    page = response.content.decode()
    request = RightsRequest.objects.get()
    assert code in page and request.number in page and ("at the latest" in page or "not before" in page)
    assert response["Cache-Control"] == "no-store"
    found = client.post(
        reverse("request_find", args=[tenant.slug]), {"code": code.lower().replace("-", " ")}, follow=True
    )
    assert "We have your request" in found.content.decode()


@pytest.mark.parametrize("field", ["kind", "name", "contact"])
def test_a_missing_entry_is_named_and_nothing_is_lost(client: Client, tenant: Property, field: str) -> None:
    response, _code = ask(client, tenant, **{field: ""})
    page = response.content.decode()
    assert "Please check:" in page and "3-1202" in page
    assert not RightsRequest.objects.exists()


@pytest.mark.parametrize("data", [{"kind": "explain"}, {"name": "x" * 500}, {"message": "\x00"}])
def test_a_bad_entry_is_refused_with_a_sentence(client: Client, tenant: Property, data: dict[str, str]) -> None:
    assert ask(client, tenant, **data)[0].status_code == 200
    assert not RightsRequest.objects.exists()


def test_the_answer_says_nothing_about_who_is_known(client: Client, tenant: Property) -> None:
    factories.make_person(tenant, name="李阿姨")
    known, unknown = ask(client, tenant)[0].content.decode(), ask(client, tenant, name="谁也不是")[0].content.decode()
    assert len(known.splitlines()) == len(unknown.splitlines())


def test_too_many_requests_get_a_friendly_page(client: Client, tenant: Property) -> None:
    for _number in range(limits.REQUESTS_BY_ADDRESS.count):
        ask(client, tenant)
    response, _code = ask(client, tenant)
    assert response.status_code == 429 and response["Retry-After"]
    assert "Your right to ask stays" in response.content.decode()
    assert RightsRequest.objects.count() == limits.REQUESTS_BY_ADDRESS.count


def test_a_wrong_code_is_not_found_and_guessing_is_stopped(client: Client, tenant: Property) -> None:
    _response, code = ask(client, tenant)
    for _number in range(limits.WRONG_CODES.count):
        wrong = track(client, tenant, "0000-0000-0000-0000")
        assert wrong.status_code == 404
        assert "no request with this code" in wrong.content.decode()
    assert track(client, tenant, code).status_code == 429


def test_a_code_that_is_too_short_is_told_at_once(client: Client, tenant: Property) -> None:
    page = client.post(reverse("request_find", args=[tenant.slug]), {"code": "ABC"}).content.decode()
    assert "A tracking code has 16 letters and digits" in page


def test_a_code_opens_nothing_in_another_property(client: Client, tenant: Property) -> None:
    _response, code = ask(client, tenant)
    assert track(client, factories.make_property(), code).status_code == 404


def test_the_package_is_read_and_downloaded_after_the_answer(client: Client, tenant: Property, owner: User) -> None:
    _response, code = ask(client, tenant)
    package = reverse("request_package", args=[tenant.slug, code])
    assert client.get(package).status_code == 410
    answered(tenant, factories.make_person(tenant))
    assert "Here it is." in track(client, tenant, code).content.decode()
    assert "3-1202" in client.get(package).content.decode()
    file = client.get(package, {"format": "json"})
    assert file.json()["stores"]["identity"][0]["room"] == "3-1202"
    assert "attachment" in file["Content-Disposition"]
    assert RightsRequest.objects.get().downloads == 2


def test_a_refusal_says_why_and_how_to_complain(client: Client, tenant: Property) -> None:
    _response, code = ask(client, tenant)
    service.refuse(tenant=tenant, request=RightsRequest.objects.get(), text="We do not know you.")
    page = track(client, tenant, code).content.decode()
    assert "We do not know you." in page and "go to court" in page


def test_a_deletion_says_how_far_it_is(client: Client, tenant: Property) -> None:
    _response, code = ask(client, tenant, kind="delete")
    answered(tenant, factories.make_person(tenant))
    assert "Under way since" in track(client, tenant, code).content.decode()
