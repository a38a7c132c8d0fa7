"""A member's own columns and filters; and what is done to many rows at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from portal.telling.sentences import say
from portal.web import bulk
from portal.web.views import lists
from portal.work.kinds import JobState
from portal.work.models import Job, ListChoice
from tenants.organizations.models import Notification, Property, User
from tenants.organizations.news import NotificationKind
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.people.kinds import ConsentDecision, PassKind
from tenants.people.models import Consent, Invitation, Pass, Person
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device
from tenants.premises.services import signs
from tenants.rights.kinds import RequestKind
from tenants.rights.services.requests import receive_from
from tests import factories
from tests.portal.web.site.test_work import finish
from tests.roles import database_role

pytestmark = pytest.mark.django_db
At = Callable[..., str]


def address(tenant: Property, listing: str) -> str:
    return f"/t/{tenant.slug}/lists/{listing}/"


def test_columns_are_remembered_for_one_member_and_one_list(
    client: Client, tenant: Property, at: At, as_role: Callable[[Role], Client]
) -> None:
    factories.make_person(tenant, name="甲", room="七栋九零一", phone="13800138000")
    sent = {"columns": "on", "column": ["phone", "no_such_column"], "query": "kind=owner"}
    answer = client.post(address(tenant, "people"), sent)
    assert answer["Location"] == f"{at('people')}?kind=owner"
    page = client.get(at("people"))
    assert page.context["columns"] == {"name": True, "phone": True}
    assert "七栋九零一" not in page.content.decode()
    assert "room" in as_role(Role.OWNER).get(at("people")).context["columns"]
    client.post(address(tenant, "people"), {"columns": "on", "usual": "on"})
    assert "room" in client.get(at("people")).context["columns"]
    enter_tenant(tenant.pk)
    assert ListChoice.objects.get().columns == []


def test_filters_under_a_name_stand_above_the_list_and_can_go(client: Client, tenant: Property, at: At) -> None:
    client.post(address(tenant, "people"), {"save": "on", "name": " 业主 ", "query": "kind=owner&page=3&q="})
    page = client.get(f"{at('people')}?kind=owner")
    assert page.context["saved_filters"] == [{"name": "业主", "query": "kind=owner", "is_current": True}]
    assert 'aria-current="page">业主' in page.content.decode()
    assert not client.get(at("devices")).context["saved_filters"]
    client.post(address(tenant, "people"), {"drop": "业主", "query": ""})
    assert client.get(at("people")).context["saved_filters"] == []


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"name": " ", "query": "q=1"}, "no_name"),
        ({"name": "a", "query": ""}, "no_filter"),
        ({"name": "a" * 31, "query": "q=1"}, "long"),
    ],
)
def test_what_cannot_be_kept_is_said(client: Client, tenant: Property, sent: dict[str, str], says: str) -> None:
    answer = client.post(address(tenant, "people"), {"save": "on", **sent}, follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"], says


def test_a_list_that_is_closed_to_a_role_has_no_choices_for_it(
    tenant: Property, as_role: Callable[[Role], Client]
) -> None:
    auditor = as_role(Role.AUDITOR)
    assert auditor.post(address(tenant, "people"), {"columns": "on"}).status_code == 404
    assert auditor.post(address(tenant, "secrets"), {"columns": "on"}).status_code == 404


def many(client: Client, at: At, name: str, **sent: Any) -> Any:
    return client.post(at(name), sent, HTTP_ACCEPT_LANGUAGE="en")


def test_invitations_go_only_where_the_rules_allow(client: Client, tenant: Property, at: At, settings: Any) -> None:
    settings.PUBLIC_URL = ""
    assert 'value="invite"' not in client.get(at("people")).content.decode(), "nothing can be sent"
    settings.PUBLIC_URL = "https://portal.example"
    settings.SMS_SENDER = "tenants.people.senders.FileSender"
    factories.make_lawful(tenant)
    asked = factories.make_person(tenant, phone="13800138000")
    no_phone = factories.make_person(tenant, phone="")
    said_no = factories.make_person(tenant, phone="13800138001")
    factories.agree(factories.make_visit(tenant, said_no), ConsentDecision.DECLINE)
    yes, _visit = factories.make_consented_person(tenant)
    rows = [str(person.pk) for person in (asked, no_phone, said_no, yes)]
    sent = {"action": "invite", "rows": rows, "channel": "sms", "looked": "on"}
    assert 'value="invite"' in client.get(at("people")).content.decode()
    preview = many(client, at, "people_bulk", **sent)
    assert preview.context["preview"].good == [asked.pk]
    assert {which for which, _why in preview.context["left"]} == {no_phone.code, said_no.code, yes.code}
    enter_tenant(tenant.pk)
    before = Consent.objects.count()
    job = finish(many(client, at, "people_bulk", **sent, confirmed="1"), tenant)
    assert (job.state, job.said["changed"], job.said["left_count"]) == (JobState.DONE, 1, 0)
    assert [row.person_id for row in Invitation.objects.all()] == [asked.pk]
    assert Consent.objects.count() == before
    again = many(client, at, "people_bulk", **sent)
    assert again.context["preview"].good == []


def test_all_that_fit_get_an_end_of_their_stay(client: Client, tenant: Property, at: At) -> None:
    day = timezone.localdate() + timedelta(days=30)
    fits = [factories.make_person(tenant, room=f"1-{number}") for number in range(3)]
    other = factories.make_person(tenant, room="2-1")
    sent = {"action": "stay", "all": "on", "query": "q=1-", "day": day.isoformat()}
    asks = many(client, at, "people_bulk", action="stay", all="on", query="q=1-")
    assert asks.context["preview"] is None and "day" in asks.context["form"].fields
    past = many(client, at, "people_bulk", **sent | {"day": "2020-01-01"}, looked="on")
    assert past.context["form"].errors
    assert len(many(client, at, "people_bulk", **sent, looked="on").context["preview"].good) == 3
    finish(many(client, at, "people_bulk", **sent, confirmed="3"), tenant)
    ends = dict(Person.objects.values_list("pk", "stay_ends_on"))
    assert [ends[person.pk] for person in fits] == [day] * 3 and ends[other.pk] is None
    assert fits[0].identity.room == "1-0"


def test_what_changed_since_the_preview_is_shown_again(client: Client, tenant: Property, at: At) -> None:
    first, second = factories.make_person(tenant), factories.make_person(tenant)
    rows = [str(first.pk), str(second.pk)]
    answer = many(client, at, "people_bulk", action="qr", rows=rows, confirmed="1")
    assert answer.status_code == 200 and len(answer.context["preview"].good) == 2
    enter_tenant(tenant.pk)
    assert not Job.objects.exists()
    finish(many(client, at, "people_bulk", action="qr", rows=rows, confirmed="2"), tenant)
    assert Pass.objects.filter(kind=PassKind.QR).count() == 2


def test_a_row_of_another_property_or_nothing_chosen_does_nothing(client: Client, tenant: Property, at: At) -> None:
    factories.make_person(tenant)
    foreign = factories.make_person(factories.make_property())
    for rows in ([], [str(foreign.pk)], ["nonsense"]):
        answer = many(client, at, "people_bulk", action="qr", rows=rows, confirmed="1")
        assert answer["Location"] == at("people")
    assert many(client, at, "people_bulk", action="erase", rows=[])["Location"] == at("people")


def test_devices_are_suspended_together(client: Client, tenant: Property, at: At) -> None:
    device, _code = factories.make_active_device(tenant)
    resting, _code = factories.make_device(tenant)
    rows = [str(device.pk), str(resting.pk)]
    preview = many(client, at, "devices_bulk", action="suspend", rows=rows)
    assert preview.context["preview"].good == [device.pk]
    finish(many(client, at, "devices_bulk", action="suspend", rows=rows, confirmed="1"), tenant)
    device.refresh_from_db()
    resting.refresh_from_db()
    assert (device.state, resting.state) == (DeviceState.SUSPENDED, DeviceState.REGISTERED)


def test_colleagues_are_asked_for_new_photos_of_signs_once_a_week(
    client: Client, tenant: Property, owner: User, at: At
) -> None:
    device, _code = factories.make_active_device(tenant)
    retired, _code = factories.make_device(tenant)
    Device.objects.filter(pk=retired.pk).update(state=DeviceState.RETIRED)
    sent = {"action": "sign", "rows": [str(device.pk), str(retired.pk)]}
    colleague, auditor = factories.make_member(tenant, Role.MANAGER), factories.make_member(tenant, Role.AUDITOR)
    assert many(client, at, "devices_bulk", **sent).context["preview"].good == [device.pk]
    finish(many(client, at, "devices_bulk", **sent, confirmed="1"), tenant)
    asked = Notification.objects.filter(tenant=tenant, kind=NotificationKind.SIGN_ASKED)
    told = {one.user_id for one in asked}
    assert (colleague.pk in told, auditor.pk in told, owner.pk in told) == (True, False, False)
    assert {one.subject for one in asked} == {f"device:{device.pk}"}
    with override("en"):
        assert say(tenant, asked)[0].text.startswith(f"A new photo of the sign at “{device.name}”")
    device.refresh_from_db()
    assert device.state == DeviceState.ACTIVE, "nothing of the device changes"
    assert not many(client, at, "devices_bulk", **sent).context["preview"].good, "asked within the week"
    with database_role("owner"):
        asked.update(created_at=timezone.now() - signs.PAUSE)
    assert many(client, at, "devices_bulk", **sent).context["preview"].good == [device.pk]


def test_asking_for_a_photo_refuses_what_the_preview_refused(tenant: Property, owner: User) -> None:
    device, _code = factories.make_device(tenant)
    action = bulk.find("devices", "sign")
    assert action is not None

    def refusal() -> str:
        with pytest.raises(ValidationError) as refused:
            signs.ask_for_photo(tenant=tenant, device=device, actor=owner)
        return str(refused.value.code)

    assert refusal() == "nobody"
    assert not bulk.preview(tenant=tenant, actor=owner, action=action, rows=[device], data={}).good
    factories.make_member(tenant, Role.MANAGER)
    signs.ask_for_photo(tenant=tenant, device=device, actor=owner)
    assert refusal() == "asked"
    device.state = DeviceState.RETIRED
    assert refusal() == "retired"


def test_requests_are_given_to_a_member_together(client: Client, tenant: Property, owner: User, at: At) -> None:
    request, _code = receive_from(visit=factories.make_visit(tenant), kind=RequestKind.ACCESS)
    rows = [str(request.pk)]
    sent = {"action": "assign", "rows": rows, "to": str(owner.pk)}
    job = finish(many(client, at, "requests_bulk", **sent, confirmed="1"), tenant)
    assert (job.state, job.said["changed"]) == (JobState.DONE, 1)
    preview = many(client, at, "requests_bulk", **sent, looked="on")
    assert preview.context["preview"].good == []


def test_a_role_that_may_not_change_has_no_boxes(tenant: Property, at: At, as_role: Callable[[Role], Client]) -> None:
    factories.make_active_device(tenant)
    auditor = as_role(Role.AUDITOR)
    assert 'form="bulk"' not in auditor.get(at("devices")).content.decode()
    assert auditor.post(at("devices_bulk"), {"action": "suspend"}).status_code == 403


def test_people_who_are_ticked_stand_on_the_page_of_move_outs(client: Client, tenant: Property, at: At) -> None:
    person = factories.make_person(tenant)
    page = client.post(at("move_outs"), {"rows": [str(person.pk)], "query": ""})
    assert [row.pk for row in page.context["listed"].people] == [person.pk]


def test_a_preview_of_many_costs_no_more_queries(
    tenant: Property, owner: User, queries: Callable[[Callable[[], Any]], int]
) -> None:
    factories.make_lawful(tenant)

    def looks() -> int:
        def look() -> None:
            for action in bulk.actions_for("people", frozenset({"manage_people"})):
                rows = list(bulk.rows_of(tenant, owner, "people", list(Person.objects.values_list("pk", flat=True))))
                data = {"channel": "sms", "day": "2030-01-01"}
                bulk.preview(tenant=tenant, actor=owner, action=action, rows=rows, data=data)

        return queries(look)

    factories.make_person(tenant, phone="13800138000")
    few = looks()
    for _number in range(4):
        factories.make_person(tenant, phone="13800138000")
    assert looks() == few


def test_a_very_long_list_is_not_counted_to_its_end(tenant: Property, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MOST_COUNTED", 3)
    pages = lists.CappedPaginator(Person.objects.filter(tenant=tenant).order_by("pk"), 2)
    for _number in range(3):
        factories.make_person(tenant)
    assert (pages.count, pages.num_pages, pages.is_cut) == (3, 2, False)
    factories.make_person(tenant)
    pages = lists.CappedPaginator(Person.objects.filter(tenant=tenant).order_by("pk"), 2)
    assert (pages.count, pages.num_pages, pages.is_cut) == (3, 2, True)
    assert len(pages.page(2).object_list) == 1
