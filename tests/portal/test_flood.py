"""The gate before everything that costs, in the real chain of middleware."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from portal.flood import HEEDLESS, SHUT_OUT
from portal.limits import WRONG_CODES, throttled
from tenants.organizations.models import Property, User

pytestmark = pytest.mark.django_db

BURST = 3
PAGE, API, TERMINAL = "/accounts/login/", "/api/v1/properties/", "/api/v1/device/heartbeat/"


@pytest.fixture
def gate(settings: Settings) -> Client:
    """Three at once, and then next to nothing; terminals are paced apart."""
    settings.FLOOD_PACES = {"pages": (0.01, BURST), "terminals": (0.01, 1)}
    return Client(headers={"Accept-Language": "en"})


@pytest.fixture
def told() -> Iterator[list[tuple[str, str]]]:
    """What detection would hear: the limit and the path."""
    heard: list[tuple[str, str]] = []

    @receiver(throttled, weak=False)
    def hear(request: HttpRequest, limit: str, **_more: Any) -> None:
        heard.append((limit, request.path))

    yield heard
    throttled.disconnect(hear)


def flood(client: Client, path: str = PAGE, **more: Any) -> HttpResponse:
    """The first answer beyond the burst."""
    for _time in range(BURST):
        assert client.get(path, **more).status_code != 429
    return client.get(path, **more)


def test_a_flood_is_refused_without_session_and_database(gate: Client, owner: User) -> None:
    gate.force_login(owner)  # somebody whose session would have to be looked at
    flood(gate)
    with CaptureQueriesContext(connection) as queries:
        refused = gate.get(PAGE)
    assert refused.status_code == 429 and int(refused["Retry-After"]) >= 1
    assert not queries.captured_queries and not refused.cookies
    assert refused["Cache-Control"] == "no-store"
    assert "style-src 'self'" in refused["Content-Security-Policy"] and "Permissions-Policy" in refused


def test_people_read_in_their_language_what_to_do_and_programs_get_a_problem(gate: Client) -> None:
    page = flood(gate)
    assert page["Content-Type"] == "text/html; charset=utf-8"
    assert "Wait a minute, then reload the page." in page.content.decode()
    assert "csrfmiddlewaretoken" not in page.content.decode(), "it is kept for everybody"
    chinese = gate.get(PAGE, headers={"Accept-Language": "zh-CN"})
    assert '<html lang="zh-hans">' in chinese.content.decode() and "人脸识别" in chinese.content.decode()
    problem = gate.get(API)
    assert (problem.status_code, problem["Content-Type"]) == (429, "application/problem+json")
    assert (problem.json()["code"], problem.json()["status"]) == ("throttled", 429)
    assert int(problem["Retry-After"]) >= 1


def test_who_does_not_heed_it_is_shut_out_and_who_waits_is_not(gate: Client, settings: Settings) -> None:
    settings.FLOOD_PACES = {"pages": (1, 1)}
    waits = [int(answer["Retry-After"]) for answer in _refusals(gate, HEEDLESS - 1)]
    assert set(waits) == {1}
    assert [int(answer["Retry-After"]) for answer in _refusals(gate, 2)] == [SHUT_OUT, SHUT_OUT]


def _refusals(client: Client, number: int) -> Iterator[HttpResponse]:
    while number:
        answer = client.get(PAGE)
        if answer.status_code == 429:
            number -= 1
            yield answer


def test_every_other_address_is_answered_and_a_household_is_one(gate: Client) -> None:
    assert flood(gate, REMOTE_ADDR="2001:db8:1:2::1").status_code == 429
    assert gate.get(PAGE, REMOTE_ADDR="2001:db8:1:2:9::9").status_code == 429
    assert gate.get(PAGE, REMOTE_ADDR="2001:db8:1:3::1").status_code == 200
    assert gate.get(PAGE, REMOTE_ADDR="198.51.100.7").status_code == 200


def test_terminals_behind_the_same_address_are_paced_apart_and_files_not_at_all(
    gate: Client, settings: Settings
) -> None:
    settings.WHITENOISE_USE_FINDERS = True  # tests collect no files
    assert flood(gate).status_code == 429
    assert gate.post(TERMINAL).status_code == 401
    assert gate.post(TERMINAL).status_code == 429
    file = gate.get("/static/css/base.css")
    file.close()
    assert file.status_code == 200


def test_who_makes_up_addresses_is_still_one_caller(gate: Client, settings: Settings) -> None:
    answers = [gate.get(PAGE, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}").status_code for number in range(BURST + 1)]
    assert answers[-1] == 429
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    assert gate.get(PAGE, HTTP_X_FORWARDED_FOR="203.0.113.1").status_code == 200


def test_only_a_proxy_of_ours_is_believed_that_it_came_by_tls(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.TRUSTED_PROXIES = ["10.0.0.5"]
    said = {"HTTP_X_FORWARDED_PROTO": "https"}
    assert Client().get(PAGE, REMOTE_ADDR="10.0.0.5", **said).status_code == 200
    assert Client().get(PAGE, REMOTE_ADDR="198.51.100.7", **said).status_code == 301


def test_detection_hears_of_every_refusal_and_of_a_flood_not_once_for_each(
    gate: Client,
    told: list[tuple[str, str]],
    tenant: Property,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    flood(gate)
    answers = [gate.get(PAGE).status_code for _time in range(50)]
    assert set(answers) == {429}
    assert set(told) == {("flood", PAGE)} and len(told) < len(answers)
    assert sum("Too Many Requests" in line for line in caplog.messages) == len(told), "nor does the log"
    told.clear()
    settings.FLOOD_PACES = {}
    for _time in range(WRONG_CODES.count):
        WRONG_CODES.count_one("127.0.0.1")
    by_page = f"/p/{tenant.slug}/requests/0000-0000-0000-0000/"
    by_api = f"/api/v1/public/{tenant.slug}/requests/0000-0000-0000-0000/"
    assert [Client().get(path).status_code for path in (by_page, by_api)] == [429, 429]
    assert told == [("", by_page), ("", by_api)]


def test_what_a_listener_raises_breaks_no_answer(gate: Client) -> None:
    @receiver(throttled, weak=False)
    def fail(**_more: Any) -> None:
        raise RuntimeError

    try:
        assert flood(gate).status_code == 429
    finally:
        throttled.disconnect(fail)
