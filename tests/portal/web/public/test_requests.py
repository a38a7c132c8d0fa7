"""Asking without an account, and what the answers say to a stranger."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from portal import limits
from portal.web.forms.public import KIND_WORDS, RequestForm
from tenants.organizations.models import Property
from tenants.rights.kinds import Requester, RequestKind
from tenants.rights.models import RightsRequest
from tests import factories

FORM = {
    "kind": "access",
    "asked_by": "self",
    "name": "李阿姨",
    "contact": "13800138000",
    "room": "3-1202",
    "message": "",
}
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def ask(client: Client, tenant: Property, **data: str) -> tuple[object, str]:
    """Send the form; return the page that follows and the code in its address."""
    response = client.post(reverse("request_form", args=[tenant.slug]), FORM | data, follow=True)
    code = response.redirect_chain[-1][0].split("/")[-3] if response.redirect_chain else ""
    return response, code


def page(client: Client, tenant: Property, code: str, name: str = "request_track") -> str:
    return client.get(reverse(name, args=[tenant.slug, code])).content.decode()


def post(client: Client, tenant: Property, code: str, name: str, /, **data: object) -> object:
    return client.post(reverse(name, args=[tenant.slug, code]), data, follow=True)


class TestTheForm:
    def test_it_says_that_a_deletion_takes_the_card_too(self, client: Client, tenant: Property) -> None:
        shown = client.get(reverse("request_form", args=[tenant.slug])).content.decode()
        assert "your cards, your PIN and your QR pass too" in shown and "Stop using my face" in shown

    def test_all_eight_kinds_are_there_each_with_what_it_does(self, client: Client, tenant: Property) -> None:
        shown = client.get(reverse("request_form", args=[tenant.slug])).content.decode()
        assert set(KIND_WORDS) == set(RequestKind)
        for kind in RequestKind:
            assert f'value="{kind.value}"' in shown
        assert shown.count("<span>See what is held about me<small>") == 1
        assert "&lt;span" not in shown

    def test_a_link_chooses_a_kind_and_nonsense_chooses_nothing(self, client: Client, tenant: Property) -> None:
        url = reverse("request_form", args=[tenant.slug])
        assert 'value="explain" ' in client.get(url, {"kind": "explain"}).content.decode()
        assert client.get(url, {"kind": "explain"}).context["form"]["kind"].value() == "explain"
        assert client.get(url, {"kind": EVIL}).context["form"]["kind"].value() is None

    def test_a_request_gives_a_code_that_opens_it(self, client: Client, tenant: Property) -> None:
        response, code = ask(client, tenant)
        shown = response.content.decode()
        request = RightsRequest.objects.get()
        assert code in shown and request.number in shown and ("at the latest" in shown or "not before" in shown)
        assert "Prove that it is me" in shown
        assert response["Cache-Control"] == "no-store"
        find = reverse("request_find", args=[tenant.slug])
        found = client.post(find, {"code": code.lower().replace("-", " ")}, follow=True)
        assert "We have your request" in found.content.decode()

    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_the_language_of_the_page_is_kept(self, client: Client, tenant: Property, language: str) -> None:
        client.cookies["django_language"] = language
        ask(client, tenant)
        assert RightsRequest.objects.get().language == language

    @pytest.mark.parametrize("field", ["kind", "name", "contact", "asked_by"])
    def test_a_missing_entry_is_named_and_nothing_is_lost(self, client: Client, tenant: Property, field: str) -> None:
        response, _code = ask(client, tenant, **{field: "", "message": "请打电话"})
        shown = response.content.decode()
        assert "Please check:" in shown and "3-1202" in shown and "请打电话" in shown
        assert response.context["form"].errors.keys() == {field}
        assert not RightsRequest.objects.exists()

    def test_who_asks_for_another_says_for_whom(self, client: Client, tenant: Property) -> None:
        response, _code = ask(client, tenant, asked_by="guardian")
        assert response.context["form"].errors.keys() == {"relation"}
        ask(client, tenant, asked_by="guardian", relation="李小宝，我儿子")
        request = RightsRequest.objects.get()
        assert (request.asked_by, request.relation) == (Requester.GUARDIAN, "李小宝，我儿子")

    def test_a_relative_may_not_ask_for_everything(self, client: Client, tenant: Property) -> None:
        response, _code = ask(client, tenant, kind="withdraw", asked_by="relative", relation="我父亲")
        assert "kind" in response.context["form"].errors
        assert not RightsRequest.objects.exists()

    def test_a_correction_says_what_is_wrong(self, client: Client, tenant: Property) -> None:
        response, _code = ask(client, tenant, kind="correct")
        assert response.context["form"].errors.keys() == {"message"}

    @pytest.mark.parametrize("data", [{"kind": "sing"}, {"name": "x" * 500}, {"message": "\x00"}, {"asked_by": "cat"}])
    def test_a_bad_entry_is_refused_with_a_sentence(
        self, client: Client, tenant: Property, data: dict[str, str]
    ) -> None:
        assert ask(client, tenant, **data)[0].status_code == 200
        assert not RightsRequest.objects.exists()

    def test_too_many_requests_get_a_friendly_page(self, client: Client, tenant: Property) -> None:
        for _number in range(limits.REQUESTS_BY_ADDRESS.count):
            limits.REQUESTS_BY_ADDRESS.count_one("127.0.0.1")
        response, _code = ask(client, tenant)
        assert response.status_code == 429 and response["Retry-After"]
        assert "Your right to ask stays" in response.content.decode()
        assert not RightsRequest.objects.exists()


class TestNoOracle:
    def test_the_answer_says_nothing_about_who_is_known(self, client: Client, tenant: Property) -> None:
        factories.make_person(tenant, name="李阿姨", phone="13800138000")
        known = ask(client, tenant)[0].content.decode()
        unknown = ask(client, tenant, name="谁也不是", contact="13900000000")[0].content.decode()
        assert len(known.splitlines()) == len(unknown.splitlines())

    def test_the_step_of_proof_is_the_same_for_known_and_unknown(self, client: Client, tenant: Property) -> None:
        factories.make_person(tenant, name="李阿姨", phone="13800138000")
        said = []
        for contact in ("13800138000", "13900000000", "nobody@example.com", "no contact at all"):
            _response, code = ask(client, tenant, contact=contact)
            number = RightsRequest.objects.order_by("-number").first().number
            pages = [
                post(client, tenant, code, "request_prove", send="on").content.decode(),
                post(client, tenant, code, "request_prove", code="000000").content.decode(),
                page(client, tenant, code),
            ]
            assert "a code is on its way" in pages[0] and "This code is wrong" in pages[1]
            same = "".join(pages).replace(code, "CODE").replace(number, "NUMBER")
            said.append(re.sub(r"\b[A-Za-z0-9_-]{20,}\b", "TOKEN", re.sub(r"\d+:\d+", "TIME", same)))
        assert said[1:] == said[:1] * 3

    def test_a_wrong_code_is_not_found_and_guessing_is_stopped(self, client: Client, tenant: Property) -> None:
        _response, code = ask(client, tenant)
        for _number in range(limits.WRONG_CODES.count):
            wrong = client.get(reverse("request_track", args=[tenant.slug, "0000-0000-0000-0000"]))
            assert wrong.status_code == 404
            assert "no request with this code" in wrong.content.decode()
        assert client.get(reverse("request_track", args=[tenant.slug, code])).status_code == 429

    @pytest.mark.parametrize("name", ["request_track", "request_prove", "request_take_back"])
    def test_guessing_by_posts_counts_as_well(self, client: Client, tenant: Property, name: str) -> None:
        for _number in range(limits.WRONG_CODES.count):
            assert client.post(reverse(name, args=[tenant.slug, "0" * 16])).status_code == 404
        assert client.post(reverse(name, args=[tenant.slug, "0" * 16])).status_code == 429

    def test_a_code_that_is_too_short_is_told_at_once(self, client: Client, tenant: Property) -> None:
        shown = client.post(reverse("request_find", args=[tenant.slug]), {"code": "ABC"}).content.decode()
        assert "A tracking code has 16 letters and digits" in shown

    def test_a_code_opens_nothing_in_another_property(self, client: Client, tenant: Property) -> None:
        _response, code = ask(client, tenant)
        other = factories.make_property()
        assert client.get(reverse("request_track", args=[other.slug, code])).status_code == 404


def test_the_form_reads_the_same_without_javascript_for_a_screen_reader(tenant: Property) -> None:
    """Every choice is a labelled radio in a fieldset, and an error is tied to its field."""
    form = RequestForm({})
    shown = form.as_div()
    assert shown.count("<fieldset") == 2 and shown.count('type="radio"') == len(RequestKind) + len(Requester)
    assert 'aria-invalid="true"' in shown
