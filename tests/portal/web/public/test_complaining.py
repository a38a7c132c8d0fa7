"""Complaining without an account and without a name, and reading the answer."""

import pytest
from django.test import Client
from django.urls import reverse

from portal import limits
from tenants.organizations.models import Property, User
from tenants.organizations.services.properties import update_property
from tenants.rights.models import Complaint
from tenants.rights.services import complaints
from tests import factories

TEXT = "The camera at the east gate looks into my window."


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "en"})


def complain(client: Client, tenant: Property, **data: str) -> tuple[object, str]:
    """Send the form; return the page that follows and the code in its address."""
    response = client.post(reverse("complaint_form", args=[tenant.slug]), {"text": TEXT} | data, follow=True)
    code = response.redirect_chain[-1][0].split("/")[-3] if response.redirect_chain else ""
    return response, code


def track(client: Client, tenant: Property, code: str) -> object:
    return client.get(reverse("complaint_track", args=[tenant.slug, code]))


def test_the_front_page_leads_to_the_form(client: Client, tenant: Property) -> None:
    assert (
        reverse("complaint_form", args=[tenant.slug])
        in client.get(reverse("public", args=[tenant.slug])).content.decode()
    )


def test_a_complaint_needs_no_name_and_gives_a_code_that_opens_it(client: Client, tenant: Property) -> None:
    response, code = complain(client, tenant)
    page, complaint = response.content.decode(), Complaint.objects.get()
    assert code in page and complaint.number in page and ("at the latest" in page or "not before" in page)
    assert (complaint.name, complaint.contact, complaint.language) == ("", "", "en")
    assert response["Cache-Control"] == "no-store"
    typed = {"code": code.lower().replace("-", " ")}
    found = client.post(reverse("complaint_find", args=[tenant.slug]), typed, follow=True)
    assert "look into it" in found.content.decode() and TEXT in found.content.decode()


def test_the_authority_stands_on_the_form_beside_the_code_and_beside_the_answer(
    client: Client, tenant: Property, owner: User
) -> None:
    update_property(
        tenant=tenant,
        authority_name="西湖区网信办",
        authority_phone="0571-87654321",
        authority_address="文三路 1 号",
        authority_url="https://www.example.gov.cn/",
    )
    form = client.get(reverse("complaint_form", args=[tenant.slug])).content.decode()
    sent, code = complain(client, tenant)
    complaints.answer(tenant=tenant, complaint=Complaint.objects.get(), text="We turned it.", actor=owner)
    answered = track(client, tenant, code).content.decode()
    assert "We turned it." in answered
    for page in (form, sent.content.decode(), answered):
        for word in ("西湖区网信办", "0571-87654321", "文三路 1 号", "https://www.example.gov.cn/", "12377", "12345"):
            assert word in page


def test_without_a_text_it_is_told_and_nothing_is_lost(client: Client, tenant: Property) -> None:
    response, _code = complain(client, tenant, text=" ", name="李阿姨")
    assert "Write what is wrong." in response.content.decode() and "李阿姨" in response.content.decode()
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("data", [{"text": "x" * 4001}, {"name": "x" * 500}, {"contact": "\x00"}])
def test_a_bad_entry_is_refused_with_a_sentence(client: Client, tenant: Property, data: dict[str, str]) -> None:
    assert complain(client, tenant, **data)[0].status_code == 200
    assert not Complaint.objects.exists()


def test_what_is_written_is_shown_as_text(client: Client, tenant: Property) -> None:
    _response, code = complain(client, tenant, text="<script>alert(1)</script>")
    assert "<script>alert" not in track(client, tenant, code).content.decode()


def test_too_many_get_a_friendly_page(client: Client, tenant: Property) -> None:
    for _number in range(limits.COMPLAINTS_BY_ADDRESS.count):
        complain(client, tenant)
    response, _code = complain(client, tenant)
    assert response.status_code == 429 and response["Retry-After"]
    assert Complaint.objects.count() == limits.COMPLAINTS_BY_ADDRESS.count


def test_a_wrong_code_is_not_found_and_guessing_is_stopped(client: Client, tenant: Property) -> None:
    _response, code = complain(client, tenant)
    for _number in range(limits.WRONG_CODES.count):
        assert track(client, tenant, "0000-0000-0000-0000").status_code == 404
    assert track(client, tenant, code).status_code == 429


def test_a_code_opens_nothing_in_another_property(client: Client, tenant: Property) -> None:
    _response, code = complain(client, tenant)
    assert track(client, factories.make_property(), code).status_code == 404
