"""One search over a property: grouped, short, and never more than a member may see."""

from collections.abc import Callable

import pytest
from django.test import Client

from portal.security.models import AccessEvent
from portal.web.reads.finding import SHOWN
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.trail import Kind
from tenants.rights.models import RightsRequest
from tenants.rights.services import complaints
from tenants.rights.services.requests import receive, take_back
from tests import factories

pytestmark = pytest.mark.django_db
At = Callable[..., str]


@pytest.fixture(autouse=True)
def _english(client: Client) -> None:
    client.cookies["django_language"] = "en"


def found(client: Client, address: str, words: str) -> dict[str, list[str]]:
    hits = client.get(address, {"q": words}, headers={"accept-language": "en"}).context["hits"]
    return {str(one.label): [str(row["title"]) for row in one.rows] for one in hits}


def test_everything_of_a_word_is_found_in_its_group(client: Client, tenant: Property, at: At) -> None:
    device, _code = factories.make_active_device(tenant)
    factories.make_person(tenant, name="周小东门")
    request, _code = receive(tenant=tenant, kind="access", name="周先生", contact="13800138000")
    complaint, _code = complaints.receive(tenant=tenant, text="周围都是摄像头")
    hits = found(client, at("find"), "周")
    assert hits["People"] == ["周小东门"]
    assert hits["Requests"] == [f"{request.number} · See what is held"]
    assert hits["Complaints"] == [complaint.number]
    assert found(client, at("find"), device.name)["Devices"] == [device.name]
    assert found(client, at("find"), device.access_point.name)["Doors"] == [device.access_point.name]
    assert found(client, at("find"), "1")["Notices"] == ["Version 1"]
    assert "Devices" in found(client, at("find"), "devic")["Pages of this portal"]


def test_a_group_is_short_and_says_how_many_there_are(client: Client, tenant: Property, at: At) -> None:
    for _ in range(SHOWN + 2):
        factories.make_person(tenant, name="赵多多")
    answer = client.get(at("find"), {"q": "赵多"})
    [people] = answer.context["hits"]
    assert (len(people.rows), people.count) == (SHOWN, SHOWN + 2)
    assert f"{at('people')}?q=" in answer.content.decode()


def test_the_list_of_all_that_was_found_shows_what_is_over_too(
    client: Client, tenant: Property, owner: User, at: At
) -> None:
    for _number in range(SHOWN + 1):
        request, _code = receive(tenant=tenant, kind="access", name="冯很多", contact="13800138000")
        complaint, _code = complaints.receive(tenant=tenant, text="冯很多说门太吵")
    take_back(tenant=tenant, request=request)
    complaints.answer(tenant=tenant, complaint=complaint, text="已换成静音门锁。", actor=owner)
    for hits in client.get(at("find"), {"q": "冯很多"}).context["hits"]:
        assert "tab=all" in hits.more_url
        page = client.get(hits.more_url)
        enter_tenant(tenant.pk)
        assert page.context["page_obj"].paginator.count == hits.count == SHOWN + 1
        assert [tab["name"] for tab in page.context["tabs"] if tab["is_current"]] == ["all"]


def test_a_closed_record_of_a_minor_is_found_by_its_code_and_shown_by_it(
    client: Client, tenant: Property, at: At
) -> None:
    child = factories.make_child(tenant, name="钱小宝")
    request, _code = receive(tenant=tenant, kind="access", name="钱小宝", contact="13800138009")
    RightsRequest.objects.filter(pk=request.pk).update(person=child)
    assert found(client, at("find"), "钱小宝") == {}
    hits = found(client, at("find"), child.code)
    assert hits == {"People": [child.code]}
    assert found(client, at("find"), request.number)["Requests"]


def test_who_may_not_see_people_finds_none(tenant: Property, at: At, as_role: Callable[[Role], Client]) -> None:
    enter_tenant(tenant.pk)
    factories.make_person(tenant, name="孙不见")
    receive(tenant=tenant, kind="access", name="孙不见", contact="13800138000")
    page = at("find")
    assert found(as_role(Role.AUDITOR), page, "孙不见") == {}


def test_another_property_is_not_searched(client: Client, at: At) -> None:
    foreign = factories.make_property()
    enter_tenant(foreign.pk)
    factories.make_person(foreign, name="吴远方")
    assert found(client, at("find"), "吴远方") == {}


def test_named_people_are_a_read_that_is_written_down(client: Client, tenant: Property, at: At) -> None:
    factories.make_person(tenant, name="郑记下")
    page = at("find")
    client.get(page, {"q": "nothing"})
    reads = AccessEvent.objects.filter(kind=Kind.IDENTITIES_LISTED)
    enter_tenant(tenant.pk)
    assert not reads.exists()
    client.get(page, {"q": "郑记"})
    enter_tenant(tenant.pk)
    assert reads.get().facts["count"] == 1


@pytest.mark.parametrize("words", ["", "   ", "\x00", "%", "x" * 500, "'; --"])
def test_odd_words_find_nothing_and_break_nothing(client: Client, at: At, words: str) -> None:
    answer = client.get(at("find"), {"q": words})
    assert answer.status_code == 200
    assert answer.context["hits"] == []


def test_the_field_the_keys_and_their_letters_are_on_every_page(client: Client, at: At) -> None:
    page = client.get(at("today")).content.decode()
    assert 'id="find-q"' in page
    assert '<dialog id="keys"' in page
    assert 'data-go="p"' in page
    assert "js/keys.js" in page


def test_no_two_entries_share_a_letter() -> None:
    from portal.web.navigation import GROUPS, KEYS

    names = {name for _label, entries in GROUPS for name, *_rest in entries}
    assert len(set(KEYS.values())) == len(KEYS)
    assert set(KEYS) <= names
