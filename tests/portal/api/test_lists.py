"""Lists: their pages, their filters, and what the OpenAPI document says of both."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from portal.security.alerts.raising import ring
from recognition.matching.models import DoorEvent
from tenants.organizations.models import Property
from tenants.rights.services.requests import receive
from tests import factories


@pytest.fixture(scope="module")
def documents() -> dict[str, dict[str, Any]]:
    made = {}
    for language in ("zh-hans", "en"):
        with override(language):
            made[language] = SchemaGenerator().get_schema(public=True)["paths"]
    return made


def asked_behind_the_question_mark(paths: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (path, parameter["name"]): parameter
        for path, operations in paths.items()
        for operation in operations.values()
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query"
    }


def test_each_filter_says_what_it_does_in_both_languages(documents: dict[str, dict[str, Any]]) -> None:
    chinese, english = (asked_behind_the_question_mark(documents[language]) for language in ("zh-hans", "en"))
    assert len(english) > 90 and english.keys() == chinese.keys()
    assert [key for key, one in english.items() if not one.get("description")] == []
    free = {key for key, one in english.items() if "enum" not in one["schema"]}
    assert [key for key in free if english[key]["description"] == chinese[key]["description"]] == []


def test_each_list_says_its_order_and_how_large_a_page_is(documents: dict[str, dict[str, Any]]) -> None:
    lists = {path: one["get"] for path, one in documents["en"].items() if "Answers in pages" in str(one.get("get"))}
    assert len(lists) > 20
    for path, one in lists.items():
        assert "In the order of `" in one["description"], path
        sizes = {parameter["name"]: parameter["schema"] for parameter in one["parameters"]}
        assert sizes["page_size"] == {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}, path


@pytest.fixture
def events(tenant: Property) -> list[DoorEvent]:
    """Three, an hour apart, the latest first."""
    (device, _code), now = factories.make_device(tenant), timezone.now()
    rows = [DoorEvent(tenant=tenant, device=device, rule="no_match", at=now - timedelta(hours=n)) for n in (1, 2, 3)]
    for row in rows:
        row.is_allowed = False
        row.save()
    return rows


@pytest.mark.django_db
def test_events_are_found_by_their_moment(api: APIClient, base: str, events: list[DoorEvent]) -> None:
    def found(**query: str) -> list[str]:
        return [row["id"] for row in api.get(f"{base}events/", query).json()["results"]]

    latest, middle, first = (str(event.pk) for event in events)
    moment = events[1].at.isoformat()
    assert found() == [latest, middle, first]
    assert found(since=moment) == [latest, middle]
    assert found(before=moment) == [first]
    assert found(since=events[2].at.isoformat(), before=moment) == [first]


@pytest.mark.django_db
@pytest.mark.parametrize("moment", ["yesterday", "0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00"])
def test_a_moment_that_is_none_is_refused(api: APIClient, base: str, moment: str) -> None:
    answer = api.get(f"{base}events/", {"since": moment})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


@pytest.mark.django_db
def test_requests_and_alerts_are_found_by_their_day(api: APIClient, base: str, tenant: Property) -> None:
    row, _code = receive(tenant=tenant, kind="access", name="李阿姨", contact="13800138000")
    assert api.get(f"{base}requests/", {"due_until": row.due_on.isoformat()}).json()["count"] == 1
    day_before = row.due_on - timedelta(days=1)
    assert api.get(f"{base}requests/", {"due_until": day_before.isoformat()}).json()["count"] == 0
    now = timezone.now()
    ring("mass_reading", tenant.pk, "user:aaaa", {}, now)
    assert api.get(f"{base}alerts/", {"since": now.isoformat()}).json()["count"] == 1
    assert api.get(f"{base}alerts/", {"since": (now + timedelta(seconds=1)).isoformat()}).json()["count"] == 0


@pytest.mark.django_db
def test_a_page_is_as_large_as_it_was_asked_for(api: APIClient, base: str, events: list[DoorEvent]) -> None:
    page = api.get(f"{base}events/", {"page_size": 2, "is_allowed": "false"}).json()
    assert (page["count"], len(page["results"]), page["previous"]) == (3, 2, None)
    assert "is_allowed=false" in page["next"]
    rest = api.get(page["next"]).json()
    assert [row["id"] for row in rest["results"]] == [str(events[2].pk)] and rest["next"] is None
