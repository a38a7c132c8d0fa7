"""What is written about a minor's request is shown once a second member opened the record; codes, and packages anew."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.people.models import MinorAccessView, Person
from tenants.people.services import minors
from tenants.rights.kinds import PackageState, Requester
from tenants.rights.models import Package, RequestAttachment, RightsRequest
from tenants.rights.services import identity, messages, requests
from tests import factories
from tests.portal.web.people.test_requests import Address
from tests.tenants.rights.package_steps import ask

WORDS = ("王妈妈", "13912345678", "7-701", "小宝的母亲", "请把小宝的照片删掉", "小宝病了")


@pytest.fixture
def member(tenant: Property) -> User:
    return factories.make_member(tenant, Role.MANAGER)


@pytest.fixture
def child(tenant: Property) -> Person:
    return factories.make_child(tenant)


@pytest.fixture
def letter(tenant: Property, child: Person) -> RightsRequest:
    name, contact, room, relation, message, said = WORDS
    request, _code = requests.receive(
        tenant=tenant, kind="delete", name=name, contact=contact, room=room, message=message,
        asked_by=Requester.GUARDIAN, relation=relation,
    )  # fmt: skip
    messages.write_from_person(tenant=tenant, request=request, text=said, papers=[("a.txt", "小宝".encode())])
    actor = factories.somebody_of(tenant)
    return identity.prove_in_person(tenant=tenant, request=request, person=child, actor=actor)


def signed_in(member: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member)
    return client


def open_for(tenant: Property, child: Person, member: User) -> None:
    access = minors.ask_for_access(tenant=tenant, person=child, actor=member, reason="答复请求")
    second = factories.make_member(tenant, Role.OWNER)
    minors.decide_access(tenant=tenant, access=access, actor=second, is_approved=True)


@pytest.mark.parametrize("page", ["request", "request_answer", "request_refuse"])
def test_a_closed_record_shows_no_word_and_says_where_to_ask(
    tenant: Property, member: User, child: Person, letter: RightsRequest, address: Address, page: str
) -> None:
    shown = signed_in(member).get(address(page, letter.pk)).content.decode()
    assert [word for word in (*WORDS, "139 1234 5678") if word in shown] == []
    assert not MinorAccessView.objects.exists()
    if page == "request":
        assert "once a second member has opened the record" in shown
        assert address("person_access", child.pk) in shown
    open_for(tenant, child, member)
    shown = signed_in(member).get(address(page, letter.pk)).content.decode().replace("139 1234 5678", "13912345678")
    assert page != "request" or [word for word in WORDS if word not in shown] == []
    assert MinorAccessView.objects.count() == 1, "the opening is written down"


def test_a_paper_of_a_closed_record_is_not_handed_out(
    tenant: Property, member: User, child: Person, letter: RightsRequest, address: Address
) -> None:
    url = address("attachment", RequestAttachment.objects.get().pk)
    assert "小宝" not in signed_in(member).get(url).content.decode()
    open_for(tenant, child, member)
    assert signed_in(member).get(url).content.decode() == "小宝"


def test_the_api_shows_none_of_it_either(tenant: Property, member: User, child: Person, letter: RightsRequest) -> None:
    api, base = APIClient(), f"/api/v1/properties/{tenant.slug}/requests/"
    api.force_login(member)
    [row] = api.get(base).json()["results"]
    assert row["is_hidden"] and (row["number"], row["person"]) == (letter.number, str(child.pk))
    assert api.get(base, {"q": "王妈妈"}).json()["results"] == []
    told = str(api.get(base).json()) + str(
        api.post(f"{base}{letter.pk}/extend/", {"reason": "要问律师"}, format="json").json()
    )
    assert [word for word in (*WORDS, "要问律师") if word in told] == []
    for url in (f"{base}{letter.pk}/", f"{base}{letter.pk}/messages/"):
        refused = api.get(url)
        assert (refused.status_code, refused.json()["code"]) == (403, "minor")
    assert api.post(f"{base}{letter.pk}/code/").status_code == 403
    open_for(tenant, child, member)
    assert api.get(f"{base}{letter.pk}/").json()["message"] == WORDS[4]
    assert WORDS[5] in str(api.get(f"{base}{letter.pk}/messages/").json())


def test_a_grown_up_s_request_needs_nobody_else(tenant: Property, member: User, address: Address) -> None:
    request, _code = requests.receive(tenant=tenant, kind="delete", name="李阿姨", contact="13800138000")
    person = factories.make_person(tenant)
    identity.prove_in_person(tenant=tenant, request=request, person=person, actor=factories.somebody_of(tenant))
    shown = signed_in(member).get(address("request", request.pk)).content.decode()
    assert "李阿姨" in shown and "138 0013 8000" in shown


class TestCodes:
    def test_the_desk_gives_out_a_new_code_on_a_slip(
        self, manager: Client, desk: Client, tenant: Property, address: Address
    ) -> None:
        package, old = ask(tenant, factories.make_person(tenant))
        url = address("request_code", package.request_id)
        assert url in manager.get(address("request", package.request_id)).content.decode()
        assert desk.post(url).status_code == 403
        assert "The old code opens nothing" in manager.get(url).content.decode()
        slip = manager.post(url)
        code = slip.context["code"]
        assert slip.status_code == 200 and slip["Cache-Control"] == "no-store" and code in slip.content.decode()
        assert requests.find_by_code(tenant=tenant, code=code) == package.request
        with pytest.raises(RightsRequest.DoesNotExist):
            requests.find_by_code(tenant=tenant, code=old)

    def test_where_nothing_was_proved_it_says_why_not(
        self, manager: Client, tenant: Property, address: Address
    ) -> None:
        request, _code = requests.receive(tenant=tenant, kind="delete", name="李阿姨", contact="13800138000")
        url = address("request_code", request.pk)
        assert url not in manager.get(address("request", request.pk)).content.decode()
        assert "it was proved who asks" in manager.post(url).content.decode()

    def test_nobody_takes_a_child_s_code_alone(
        self, tenant: Property, member: User, child: Person, letter: RightsRequest, address: Address
    ) -> None:
        before = RightsRequest.objects.get().code_hash
        refused = signed_in(member).post(address("request_code", letter.pk)).content.decode()
        assert "A second member must approve this first." in refused
        assert RightsRequest.objects.get().code_hash == before

    def test_a_failed_package_is_built_again_by_a_button(
        self, manager: Client, tenant: Property, address: Address
    ) -> None:
        package, _code = ask(tenant, factories.make_person(tenant))
        url = address("request_package_again", package.request_id)
        page = address("request", package.request_id)
        assert url not in manager.get(page).content.decode()
        Package.objects.update(state=PackageState.FAILED)
        assert url in manager.get(page).content.decode()
        manager.post(url)
        package.refresh_from_db()
        assert package.state == PackageState.WAITING

    def test_the_api_does_both(self, tenant: Property, member: User) -> None:
        api = APIClient()
        api.force_login(member)
        package, old = ask(tenant, factories.make_person(tenant))
        base = f"/api/v1/properties/{tenant.slug}/requests/{package.request_id}/"
        assert api.post(base + "package/").json()["code"] == "not_failed"
        Package.objects.update(state=PackageState.FAILED)
        assert api.post(base + "package/").status_code == 200
        given = api.post(base + "code/").json()
        assert given["tracking_code"] != old and given["number"] == package.request.number
        assert requests.find_by_code(tenant=tenant, code=given["tracking_code"]) == package.request
