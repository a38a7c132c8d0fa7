"""Who is counted, and how many pass: real counters, with a clock that is played."""

import logging
import random

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from portal.limits import Limit, Pace, address_of
from portal.settings import web

pytestmark = pytest.mark.django_db  # the shared counters are emptied before such tests

PAGES = Pace("pages", *web.FLOOD_PACES["pages"])
RESIDENTS, MINUTES, READING = 200, 2, (5, 15)  # seconds for a page


@pytest.mark.parametrize(
    ("remote", "forwarded", "counted"),
    [
        ("198.51.100.7", None, "198.51.100.7"),
        # No proxy of ours: what it says is what the caller says.
        ("198.51.100.7", "203.0.113.1", "198.51.100.7"),
        # One proxy, two proxies; what stands further left the caller made up.
        ("10.0.0.5", "203.0.113.1", "203.0.113.1"),
        ("10.0.0.5", "6.6.6.6, 203.0.113.1", "203.0.113.1"),
        ("10.0.0.5", "6.6.6.6, 203.0.113.1, 10.1.2.3", "203.0.113.1"),
        ("10.0.0.5", "10.1.2.3, 203.0.113.1", "203.0.113.1"),
        # Nothing, or nothing that can be read: the nearest proxy stands for all who come so.
        ("10.0.0.5", None, "10.0.0.5"),
        ("10.0.0.5", "10.1.2.3", "10.1.2.3"),
        ("10.0.0.5", "203.0.113.1, unknown", "10.0.0.5"),
        ("10.0.0.5", "203.0.113.1:4711", "10.0.0.5"),
        # A household with IPv6 is one caller; a mapped address is the IPv4 address that it is.
        ("2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::"),
        ("10.0.0.5", "2001:db8:1:2:ffff::9", "2001:db8:1:2::"),
        ("::ffff:198.51.100.7", None, "198.51.100.7"),
        ("::ffff:10.0.0.5", "203.0.113.1", "203.0.113.1"),
        ("", None, ""),
    ],
)
def test_the_caller_is_who_the_nearest_stranger_is(
    remote: str, forwarded: str | None, counted: str, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.5", "10.1.0.0/16"]
    said = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=remote, **said)) == counted


def test_two_hundred_residents_behind_one_address_are_never_kept_waiting() -> None:
    """Each turns a page every five to fifteen seconds, for two minutes."""
    chance = random.Random(1)  # noqa: S311 - pauses, nothing secret
    moments: list[float] = []
    for _resident in range(RESIDENTS):
        moment = chance.uniform(0, READING[1])
        while moment < MINUTES * 60:
            moments.append(moment)
            moment += chance.uniform(*READING)
    assert len(moments) > RESIDENTS * MINUTES * 5
    assert sum(PAGES.wait("compound", now=1000 + moment) for moment in sorted(moments)) == 0


def test_of_a_flood_no_more_passes_than_was_promised_and_others_pass() -> None:
    seconds, a_second = 10, 200
    waits = [PAGES.wait("flood", now=1000 + number / a_second) for number in range(seconds * a_second)]
    passed = sum(wait == 0 for wait in waits)
    assert PAGES.burst + PAGES.rate * (seconds - 1) <= passed <= PAGES.burst + PAGES.rate * seconds + 1
    assert 0 < waits[-1] <= 1 / PAGES.rate + 0.001
    assert PAGES.wait("somebody else", now=1010) == 0
    assert PAGES.wait("flood", now=1011) == 0, "who stops may come back at once"


def test_a_limit_counts_to_its_number_and_no_further() -> None:
    limit = Limit("three", count=3, seconds=60)
    assert [limit.take("a") for _time in range(5)] == [True, True, True, False, False]
    assert limit.is_reached("a") and not limit.is_reached("b")
    assert limit.take("b")


def test_everybody_passes_while_the_cache_is_down(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "unix:///nowhere/at-all?db=1"}}
    with caplog.at_level(logging.WARNING):
        assert Pace("none", rate=0.001, burst=1).wait("a") == 0
    assert "none is not limited" in caplog.text
