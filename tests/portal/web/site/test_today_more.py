"""Today: silence, what runs out, what waits for somebody's yes, and how much of each is shown."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from portal.web.reads.todo import FOLD, folded, in_order, lede
from recognition.edge.services import losses
from tenants.organizations.models import Handler, Property, User
from tenants.organizations.roles import Role
from tenants.people.services import minors
from tenants.premises.models import Device
from tenants.rights.kinds import HoldKind
from tenants.rights.models import LegalHold
from tenants.rights.services import holds
from tests import factories

pytestmark = pytest.mark.django_db
At = Callable[..., str]


@pytest.fixture(autouse=True)
def _english(client: Client) -> None:
    client.cookies["django_language"] = "en"


def items(client: Client, address: str) -> list[dict[str, Any]]:
    return client.get(address).context["todo"]


def speaks(device: Device, ago: timedelta) -> None:
    now = timezone.now()
    Device.objects.filter(pk=device.pk).update(pairing_used_at=now - timedelta(days=9), last_seen_at=now - ago)


def test_a_terminal_is_silent_after_an_hour_and_stops_after_a_day(client: Client, tenant: Property, at: At) -> None:
    device, _code = factories.make_active_device(tenant)
    speaks(device, timedelta(minutes=50))
    assert items(client, at("today")) == []
    speaks(device, timedelta(minutes=70))
    [silent] = items(client, at("today"))
    assert (silent["tone"], silent["badge"]) == ("due", "Silent")
    speaks(device, timedelta(hours=25))
    [over] = items(client, at("today"))
    assert (over["tone"], over["url"]) == ("stop", at("device", device))


def test_one_that_was_never_connected_is_not_silent(client: Client, tenant: Property, at: At) -> None:
    device, _code = factories.make_active_device(tenant)
    Device.objects.filter(pk=device.pk).update(pairing_used_at=None, last_seen_at=None)
    assert items(client, at("today")) == []


def test_a_sign_a_contract_and_a_hold_say_how_many_days_are_left(
    client: Client, owner: User, tenant: Property, at: At
) -> None:
    device, _code = factories.make_active_device(tenant)
    today = timezone.localdate()
    Device.objects.filter(pk=device.pk).update(sign_photo_on=today - timedelta(days=364))
    Handler.objects.filter(pk=tenant.handler_id).update(contract_ends_on=today + timedelta(days=30))
    other = factories.colleague_of(tenant, owner)
    hold = holds.ask(
        tenant=tenant, actor=other, person=None, kind=HoldKind.EVENTS, reason="案件", article="54", ends_on=today
    )
    holds.approve(tenant=tenant, hold=hold, actor=owner)
    badges = [item["badge"] for item in items(client, at("today"))]
    assert badges == ["30 days left", "1 day left", "Last day"]
    assert Client().get(at("today")).status_code == 302


def test_what_is_not_near_yet_is_not_said(client: Client, tenant: Property, at: At) -> None:
    device, _code = factories.make_active_device(tenant)
    today = timezone.localdate()
    Device.objects.filter(pk=device.pk).update(sign_photo_on=today - timedelta(days=334))
    Handler.objects.filter(pk=tenant.handler_id).update(contract_ends_on=today + timedelta(days=31))
    assert items(client, at("today")) == []


def test_what_another_member_began_waits_for_this_one_and_not_for_who_began_it(
    client: Client, owner: User, tenant: Property, at: At
) -> None:
    device, _code = factories.make_active_device(tenant)
    other = factories.colleague_of(tenant, owner)
    child = factories.make_child(tenant)
    losses.declare(tenant=tenant, device=device, reason="不见了", actor=other)
    access = minors.ask_for_access(tenant=tenant, person=child, actor=other, reason="孩子的卡丢了")
    until = timezone.localdate() + timedelta(days=90)
    about = {"person": None, "kind": HoldKind.EVENTS, "reason": "案件", "article": "54", "ends_on": until}
    hold = holds.ask(tenant=tenant, actor=other, **about)
    found = items(client, at("today"))
    assert [item["url"] for item in found if item["badge"] == "Your approval"] == [
        at("device_loss_confirm", device),
        at("access_decide", access),
        at("hold_approve", hold),
    ]
    assert "小宝" not in str(found), "A minor's name stays closed"
    theirs = Client(headers={"accept-language": "en"})
    theirs.force_login(other)
    assert not [item for item in items(theirs, at("today")) if item["badge"] == "Your approval"]
    assert LegalHold.objects.get().approved_at is None


def test_who_may_not_approve_is_not_asked_to(
    owner: User, tenant: Property, at: At, as_role: Callable[[Role], Client]
) -> None:
    device, _code = factories.make_active_device(tenant)
    losses.declare(tenant=tenant, device=device, reason="不见了", actor=owner)
    desk = as_role(Role.FRONT_DESK)
    page = at("today")
    assert at("device_loss_confirm", device) not in desk.get(page).content.decode()


def test_a_draft_that_somebody_else_wrote_waits_for_a_signature(
    client: Client, owner: User, tenant: Property, at: At
) -> None:
    factories.make_active_device(tenant)
    from tenants.transparency.services import assessments

    other = factories.colleague_of(tenant, owner)
    draft = assessments.start_draft(tenant=tenant, actor=other)
    assert not [item for item in items(client, at("today")) if item["badge"] == "Your approval"]
    assessments.edit(tenant=tenant, assessment=draft, actor=other, conclusion="acceptable")
    [waiting] = [item for item in items(client, at("today")) if item["badge"] == "Your approval"]
    assert waiting["url"] == at("assessment_sign", draft)
    assessments.edit(tenant=tenant, assessment=draft, actor=owner, officer_comment="看过了")
    assert not [item for item in items(client, at("today")) if item["badge"] == "Your approval"]


def test_many_of_a_kind_fold_into_one_line_with_their_number(client: Client, tenant: Property, at: At) -> None:
    factories.make_lawful(tenant)
    for _ in range(FOLD + 3):
        factories.make_device(tenant, capture_area="")
    found = items(client, at("today"))
    rest = next(item for item in found if item.get("count"))
    assert rest["count"] == 3
    assert rest["title"].endswith(": 3")
    assert rest["url"] == f"{at('devices')}?state=registered"
    assert client.get(rest["url"]).status_code == 200


def item(tone: str, **more: Any) -> dict[str, Any]:
    return {"tone": tone, **more}


def test_what_stops_faces_comes_before_late_answers_and_both_before_what_is_due() -> None:
    late, due, stop, info = item("stop", is_clock=True), item("due"), item("stop"), item("info")
    assert in_order([info, due, late, stop]) == [stop, late, due, info]


def test_a_late_answer_stops_no_face_and_what_is_folded_counts() -> None:
    with translation.override("en"):
        rows = list(folded(list(range(9)), lambda _row: item("due"), what="Devices", url="/x/"))
        assert len(rows) == FOLD + 1
        assert lede([item("stop", is_clock=True), *rows]) == (
            "1 person waits for a late answer. 9 things wait for you. Everything else is in order."
        )
        assert len(list(folded([1], lambda _row: item("due"), what="", url="", total=99))) == 1
