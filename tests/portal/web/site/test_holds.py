"""The pages of legal holds and of the calendar."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from recognition.matching.models import DoorEvent
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.services.properties import set_retention
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.people.services.persons import move_face
from tenants.rights.kinds import HoldKind
from tenants.rights.models import LegalHold
from tenants.rights.services import holds
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DATA = {"kind": "events", "reason": "东门丢了一辆车", "article": "54", "ends_on": str(TODAY + timedelta(days=9))}


def enrolled(tenant: Property, *, days_ago: int, stay_in: int | None = None) -> Person:
    person, _visit = factories.make_consented_person(tenant)
    if stay_in is not None:
        Person.objects.filter(pk=person.pk).update(stay_ends_on=TODAY + timedelta(days=stay_in))
    return move_face(person=person, target=FaceState.ENROLLED, enrolled_on=TODAY - timedelta(days=days_ago))


def test_a_member_asks_and_another_approves(
    client: Client, tenant: Property, owner: User, at: Callable[..., str], as_role: Callable[[Role], Client]
) -> None:
    person = factories.make_person(tenant)
    client.post(at("hold_add"), DATA | {"person": person.code.lower()})
    hold = LegalHold.objects.get()
    assert (hold.person, hold.asked_by, hold.approved_at) == (person, owner, None)
    assert at("hold_approve", hold) not in client.get(at("holds")).content.decode()
    refused = client.post(at("hold_approve", hold))
    assert refused.status_code == 200
    officer = as_role(Role.PRIVACY_OFFICER)
    assert at("hold_approve", hold) in officer.get(at("holds")).content.decode()
    officer.post(at("hold_approve", hold))
    assert holds.standing(tenant=tenant, person=person) == [hold]
    client.post(at("hold_lift", hold))
    assert holds.standing(tenant=tenant, person=person) == []


@pytest.mark.parametrize("typed", ["xyz", "00000000", "3F2A", "½½½½½½½½"])
def test_a_code_of_nobody_is_refused(client: Client, at: Callable[..., str], typed: str) -> None:
    assert "person" in client.post(at("hold_add"), DATA | {"person": typed}).context["form"].errors
    assert not LegalHold.objects.exists()


def test_an_auditor_reads_and_asks_for_nothing(as_role: Callable[[Role], Client], at: Callable[..., str]) -> None:
    auditor = as_role(Role.AUDITOR)
    assert auditor.get(at("holds")).status_code == 200
    assert auditor.get(at("retention_calendar")).status_code == 200
    assert auditor.post(at("hold_add"), DATA).status_code == 403


def test_the_calendar_says_who_goes_when_and_why(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    set_retention(tenant=tenant, face_days=180, event_days=90)
    soon, later = enrolled(tenant, days_ago=178), enrolled(tenant, days_ago=0, stay_in=20)
    enrolled(tenant, days_ago=0)  # beyond the ninety days
    with override("en"):
        page = client.get(at("retention_calendar") + "?week=0", HTTP_ACCEPT_LANGUAGE="en")
    assert [week.counts["faces"] for week in page.context["weeks"]] == [1, 0, 0, 1, *[0] * 9]
    [shown] = page.context["page_obj"]
    assert (shown.pk, shown.goes_on, shown.goes_for) == (soon.pk, TODAY + timedelta(days=3), "retention")
    [shown] = client.get(at("retention_calendar") + "?week=3").context["page_obj"]
    assert (shown.pk, shown.goes_on, shown.goes_for) == (later.pk, TODAY + timedelta(days=21), "stay")


def test_the_calendar_counts_events_by_their_own_clock(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    device, _code = factories.make_active_device(tenant)
    for days in (0, 80, 89):
        when = timezone.now() - timedelta(days=days)
        DoorEvent(tenant=tenant, device=device, is_allowed=False, rule="no_match", at=when).save()
    weeks = client.get(at("retention_calendar")).context["weeks"]
    assert [week.counts["events"] for week in weeks] == [1, 1, *[0] * 10, 1]


def test_the_calendar_asks_the_same_of_the_database_however_many_rows(
    client: Client, tenant: Property, at: Callable[..., str], queries: Callable[[Callable[[], Any]], int]
) -> None:
    def look() -> None:
        assert client.get(address).status_code == 200

    enrolled(tenant, days_ago=178)
    address = at("retention_calendar") + "?week=0"
    look()
    few = queries(look)
    for _each in range(9):
        enrolled(tenant, days_ago=178)
    at("retention_calendar")
    assert queries(look) == few <= 22


@pytest.mark.parametrize("week", ["-1", "99", "x", "½"])
def test_a_week_that_is_none_shows_the_calendar(client: Client, at: Callable[..., str], week: str) -> None:
    page = client.get(at("retention_calendar"), {"week": week})
    assert page.status_code == 200
    assert page.context["week"] is None


def test_what_a_shorter_clock_erases_is_asked_first_for_events_too(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    device, _code = factories.make_active_device(tenant)
    when = timezone.now() - timedelta(days=50)
    DoorEvent(tenant=tenant, device=device, is_allowed=False, rule="no_match", at=when).save()
    data = {"face_days": "180", "event_days": "40", "request_days": "180", "alarm_days": "184"}
    asked = client.post(at("retention"), data, HTTP_ACCEPT_LANGUAGE="en")
    assert asked.context["effects"] == ["Door events past the period, erased with the next sweep: 1"]
    asked_by = factories.make_member(tenant)
    hold = holds.ask(tenant=tenant, actor=asked_by, kind=HoldKind.EVENTS, reason="r", article="54", ends_on=TODAY)
    holds.approve(tenant=tenant, hold=hold, actor=factories.make_member(tenant))
    client.post(at("retention"), data)
    tenant.refresh_from_db()
    assert tenant.event_days == 40, "What is held is not counted, so nothing was asked"


def test_a_period_beyond_the_notice_is_refused_by_name(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    notice = factories.make_notice(tenant, retention_zh="人脸保存 180 天", retention_en="180 days")
    answer = client.post(at("retention"), {"face_days": "200", "event_days": "90"}, HTTP_ACCEPT_LANGUAGE="en")
    [sentence] = answer.context["form"].errors["face_days"]
    assert f"version {notice.version}" in sentence
    assert "told people 180 days, not 200" in sentence
    tenant.refresh_from_db()
    assert tenant.face_days == 180
    factories.make_notice(tenant, retention_zh="人脸保存 200 天", retention_en="200 days")
    client.post(at("retention"), {"face_days": "200", "event_days": "90"})
    tenant.refresh_from_db()
    assert tenant.face_days == 200
