"""The pages of alerts: who sees and closes one, what a page says and hides, and how the owner is told."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import override

from portal.security.alerts import handling, options
from portal.security.alerts.kinds import AlertState, StepKind
from portal.security.alerts.raising import ring
from portal.security.detection.rules import RULES
from portal.security.models import Alert, AlertSettings
from portal.web.reads.alerts import DAYS
from recognition.edge.kinds import AlarmKind
from recognition.edge.services.alarms import record_alarm
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tests import factories

pytestmark = pytest.mark.django_db
At = Callable[..., str]
EN = {"HTTP_ACCEPT_LANGUAGE": "en"}


def rung(tenant: Property, subject: str = "user:aaaa", rule: str = "mass_reading", days_ago: int = 0) -> Alert:
    enter_tenant(tenant.pk)
    return ring(rule, tenant.pk, subject, {"count": 150}, timezone.now() - timedelta(days=days_ago))


def said_in_chinese(client: Client, address: str) -> str:
    return client.get(address, HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()


def said(client: Client, address: str) -> str:
    answer = client.get(address, **EN)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("role", "sees", "closes"),
    [
        (Role.OWNER, 200, 302),
        (Role.PRIVACY_OFFICER, 200, 302),
        (Role.MANAGER, 200, 403),
        (Role.AUDITOR, 200, 403),
        (Role.FRONT_DESK, 403, 403),
    ],
)
def test_who_sees_alerts_and_who_closes_them(
    tenant: Property, as_role: Callable[[Role], Client], at: At, role: Role, sees: int, closes: int
) -> None:
    alert, client = rung(tenant), as_role(role)
    assert client.get(at("alerts")).status_code == client.get(at("alert", alert)).status_code == sees
    assert client.post(at("alert", alert), {"text": "问过了"}).status_code == closes
    assert client.post(at("alert_reopen", alert)).status_code == closes
    assert client.get(at("alert_options")).status_code == (200 if role == Role.OWNER else 403)
    assert client.get(at("alert_deliveries")).status_code == (200 if role == Role.OWNER else 403)


def test_an_alert_of_another_property_is_nowhere(client: Client, tenant: Property, at: At) -> None:
    foreign = rung(factories.make_property(), "user:cccc")
    assert client.get(at("alert", foreign)).status_code == 404
    assert client.post(at("alert", foreign), {"text": "x"}).status_code == 404
    assert "cccc" not in said(client, at("alerts"))
    enter_tenant(foreign.tenant)
    assert Alert.objects.get(pk=foreign.pk).state == AlertState.NEW


def test_the_open_and_worst_come_first(client: Client, tenant: Property, owner: User, at: At) -> None:
    low, high, closed = rung(tenant, rule="form_flood"), rung(tenant), rung(tenant, rule="mass_export")
    handling.handle(alert=closed, actor=owner, text="问过了")
    listed = client.get(at("alerts"), **EN).context["rows"]
    assert [row.alert.pk for row in listed] == [high.pk, low.pk, closed.pk]


def test_the_filters_find_by_rule_severity_state_and_date(
    client: Client, tenant: Property, owner: User, at: At
) -> None:
    low, old, closed = rung(tenant, rule="form_flood"), rung(tenant, "user:bbbb", days_ago=40), rung(tenant)
    handling.handle(alert=closed, actor=owner, text="点错了", is_false=True)
    day = (timezone.localdate() - timedelta(days=30)).isoformat()

    def found(query: str) -> set[Any]:
        return {row.alert.pk for row in client.get(at("alerts") + query).context["rows"]}

    assert found("") == {low.pk, old.pk, closed.pk}
    assert found("?rule=form_flood") == found("?severity=low") == {low.pk}
    assert found("?state=false_alarm") == {closed.pk}
    assert found(f"?since={day}") == {low.pk, closed.pk}
    assert found(f"?until={day}") == found("?q=bbbb") == {old.pk}
    assert found("?rule=no_such_rule&q=nothing") == set()


def test_a_page_asks_no_more_for_more_alerts(
    client: Client, tenant: Property, at: At, queries: Callable[[Callable[[], Any]], int]
) -> None:
    counts = []
    for _time in range(2):
        for _more in range(4):
            device, _code = factories.make_device(tenant)
            rung(tenant, f"user:{factories.make_member(tenant).pk}")
            rung(tenant, f"device:{device.pk}", "device_moved")
            rung(tenant, f"person:{factories.make_person(tenant).pk}", "decoy_person")
        client.get(at("today"))
        counts += [queries(lambda: client.get(at("alerts"))), queries(lambda: client.get(at("today")))]
    assert counts[:2] == counts[2:]


def test_what_is_not_said_is_not_closed(client: Client, tenant: Property, at: At) -> None:
    alert = rung(tenant)
    answer = client.post(at("alert", alert), {"text": "  "}, **EN)
    assert answer.status_code == 200 and "text" in answer.context["form"].errors
    alert.refresh_from_db()
    assert alert.state == AlertState.NEW


def test_an_alert_is_closed_opened_again_and_closed_as_a_false_alarm(
    client: Client, tenant: Property, owner: User, at: At
) -> None:
    alert = rung(tenant)
    client.post(at("alert", alert), {"text": "问过本人，是找快递。"})
    page = said(client, at("alert", alert))
    assert "问过本人，是找快递。" in page and owner.email in page and 'name="text"' not in page
    client.post(at("alert_reopen", alert))
    client.post(at("alert", alert), {"text": "规则太严", "is_false": "on"})
    alert.refresh_from_db()
    assert (alert.state, alert.handled_by) == (AlertState.FALSE_ALARM, owner)
    kinds = list(alert.steps.order_by("pk").values_list("kind", "by"))
    assert kinds == [(kind, owner.pk) for kind in (StepKind.HANDLED, StepKind.REOPENED, StepKind.FALSE_ALARM)]


def test_two_members_do_not_close_the_same_twice(client: Client, tenant: Property, owner: User, at: At) -> None:
    alert = rung(tenant)
    handling.handle(alert=alert, actor=owner, text="问过了")
    answer = client.post(at("alert", alert), {"text": "我也问过"}, **EN)
    assert "has closed this alert already" in answer.content.decode()
    assert alert.steps.count() == 1


def test_what_rang_again_meanwhile_is_not_opened_again(client: Client, tenant: Property, owner: User, at: At) -> None:
    alert = rung(tenant)
    handling.handle(alert=alert, actor=owner, text="问过了")
    newer = rung(tenant)
    answer = client.post(at("alert_reopen", alert), follow=True, **EN)
    assert "handle the newer alert" in answer.content.decode()
    assert newer.pk != alert.pk


def test_the_evidence_leads_to_the_member_the_device_and_the_log(
    client: Client, tenant: Property, owner: User, at: At, as_role: Callable[[Role], Client]
) -> None:
    desk, (device, _code) = factories.make_member(tenant, Role.FRONT_DESK), factories.make_device(tenant)
    member, terminal = rung(tenant, f"user:{desk.pk}"), rung(tenant, f"device:{device.pk}", "device_moved")
    page = said(client, at("alert", member))
    assert at("member_edit", desk.memberships.get()) in page and desk.email in page
    assert f"{at('audit_reads')}?since={timezone.localdate()}" in page and f"who={desk.pk}" in page
    with override("zh-hans"):
        assert escape(str(RULES["mass_reading"].title)) in said_in_chinese(client, at("alert", member))
    assert f'href="{at("device", device)}"' in said(client, at("alert", terminal))
    person = factories.make_person(tenant)
    touched = ring("decoy_person", tenant.pk, f"user:{desk.pk}", {"about": f"person:{person.pk}"}, timezone.now())
    assert f'href="{at("person", person)}">{person.code}' in said(client, at("alert", touched))
    manager = as_role(Role.MANAGER)
    assert at("audit_reads") not in said(manager, at("alert", member)), "who may not read the log gets no way there"


def test_a_locked_account_is_taken_back_from_the_alert_by_an_owner_alone(
    client: Client, tenant: Property, at: At, as_role: Callable[[Role], Client]
) -> None:
    options.change(tenant=tenant, phone="", locks_accounts=True, suspends_devices=False)
    desk = factories.make_member(tenant, Role.FRONT_DESK)
    alert = rung(tenant, f"user:{desk.pk}")
    back = at("member_restore", desk.memberships.get())
    assert f"The account {desk.email} is locked in this property." in said(client, at("alert", alert))
    assert back in said(client, at("alert", alert))
    assert back not in said(as_role(Role.PRIVACY_OFFICER), at("alert", alert))
    client.post(back)
    assert "is locked in this property" not in said(client, at("alert", alert))


def test_whom_an_auditor_may_not_see_stays_an_id(tenant: Property, as_role: Callable[[Role], Client], at: At) -> None:
    person = factories.make_person(tenant)
    alert = rung(tenant, f"person:{person.pk}", "decoy_person")
    page = said(as_role(Role.AUDITOR), at("alert", alert))
    assert f">{person.code}<" not in page and at("person", person) not in page
    assert f">{person.code}<" in said(as_role(Role.OWNER), at("alert", alert))


def test_the_timeline_shows_ninety_days_and_says_the_same_as_its_table(
    client: Client, tenant: Property, at: At
) -> None:
    for subject, days in (("user:a", 0), ("user:b", 0), ("user:c", DAYS - 1), ("user:old", DAYS)):
        rung(tenant, subject, days_ago=days)
    rung(tenant, "address:a", "form_flood")
    answer = client.get(at("alerts"), **EN)
    shown = answer.context["timeline"]
    assert (shown["total"], shown["most"]) == (4, 3)
    assert [[count for _label, count in counts] for _day, counts in shown["days"]] == [[2, 0, 1], [1, 0, 0]]
    bars = re.findall(
        r'<rect class="tone-(\w+)" x="(\d+)" y="([\d.]+)" width="8" height="([\d.]+)"/>', answer.content.decode()
    )
    assert bars == [
        ("stop", "0", "66.67", "33.33"),
        ("stop", "890", "33.33", "66.67"),
        ("info", "890", "0.00", "33.33"),
    ]


def test_a_property_without_alerts_reads_what_would_happen(client: Client, at: At) -> None:
    page = said(client, at("alerts"))
    assert "No rule has rung" in page and "<svg role" not in page


def test_today_has_each_alert_of_high_severity_and_counts_the_others(
    client: Client, tenant: Property, owner: User, at: At, as_role: Callable[[Role], Client]
) -> None:
    high = rung(tenant)
    rung(tenant, rule="form_flood")
    rung(tenant, rule="code_guessing")
    todo = [item for item in client.get(at("today"), **EN).context["todo"] if "lert" in item["title"]]
    assert [item["url"] for item in todo] == [at("alert", high), f"{at('alerts')}?state=new"]
    assert todo[1]["title"] == "2 more alerts are open" and todo[1]["detail"] == "Medium: 1 · Low: 1"
    handling.handle(alert=high, actor=owner, text="问过了")
    assert at("alert", high) not in said(client, at("today"))
    assert at("alerts") not in said(as_role(Role.FRONT_DESK), at("today"))


def test_a_terminal_of_which_an_alert_speaks_is_not_told_of_twice(client: Client, tenant: Property, at: At) -> None:
    device, _code = factories.make_active_device(tenant)
    record_alarm(device=device, kind=AlarmKind.REPLAYED)
    enter_tenant(tenant.pk)
    if not Alert.objects.filter(subject=f"device:{device.pk}").exists():
        rung(tenant, f"device:{device.pk}", "device_replay")
    todo = [item for item in client.get(at("today"), **EN).context["todo"] if device.name in str(item)]
    assert [item["badge"] for item in todo] == ["High"]


def test_the_settings_of_alerts_are_saved(client: Client, tenant: Property, at: At) -> None:
    assert client.post(at("alert_options"), {"phone": "13800138000", "locks_accounts": "on"}).status_code == 302
    enter_tenant(tenant.pk)
    saved = AlertSettings.objects.get()
    assert (saved.phone, saved.locks_accounts, saved.suspends_devices) == ("13800138000", True, False)


def test_what_a_member_does_rings_and_stands_on_the_page_of_the_property(
    client: Client, tenant: Property, owner: User, at: At
) -> None:
    for number in range(RULES["tenant_probing"].threshold):
        assert client.get(f"/t/no-such-house-{number}/").status_code == 404
    [row] = client.get(at("alerts"), **EN).context["rows"]
    assert (row.alert.rule, row.about.text) == ("tenant_probing", owner.email)
