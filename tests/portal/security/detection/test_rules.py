"""The rules by themselves: what each counts, and what it passes over. Times and places are played."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.utils.translation import override

from portal.security.detection import clock, counting, keys, places, readers
from portal.security.detection.clock import Reading
from portal.security.detection.counting import Sighting
from portal.security.detection.document import placed
from portal.security.detection.keys import BEIJING
from portal.security.detection.places import Place, carried_away, follow
from portal.security.detection.rules import RULES
from tenants.organizations.trail import Happening, Kind, Sign
from tests.architecture.source import ROOT

TENANT = uuid.UUID(int=1)
NOON = datetime(2026, 11, 30, 12, tzinfo=BEIJING)


def happening(kind: Kind | Sign, actor: str = "user:1", **about: object) -> Happening:
    return Happening(**{"kind": kind, "actor": actor, "tenant_id": TENANT, "at": NOON} | about)


@pytest.mark.parametrize(
    ("clock_shows", "is_night"), [("21:59", False), ("22:00", True), ("23:59", True), ("05:59", True), ("06:00", False)]
)
def test_night_is_from_ten_to_six_in_beijing(clock_shows: str, is_night: bool) -> None:
    hour, minute = map(int, clock_shows.split(":"))
    at = NOON.replace(hour=hour, minute=minute).astimezone(tz=None)
    assert (keys.at_night(happening(Kind.EXPORTED, at=at)) is not None) == is_night
    for nobody in ("command:backup", "request:7"):
        assert keys.at_night(happening(Kind.EXPORTED, nobody, at=NOON.replace(hour=2))) is None


def test_a_token_s_doing_is_its_member_s() -> None:
    by_token = happening(Kind.IDENTITY_READ, "token:9", subject="person:5", facts={"user": "1"})
    by_session = happening(Kind.IDENTITY_READ, "user:1", subject="person:5")
    assert keys.people_read(by_token) == keys.people_read(by_session)
    assert keys.who(by_token) == "user:1"


class TestCounting:
    rule = RULES["sign_in_guessing"]

    def counted(self, *times: datetime, value: str = "") -> list[int]:
        seen = keys.Seen("user:1", "user:1", value)
        sightings = [Sighting(self.rule, happening(Kind.SIGN_IN_FAILED, at=at), seen) for at in times]
        return counting.count(sightings)

    @pytest.fixture(autouse=True)
    def _empty(self, db: None) -> None:
        """The fixture of the database empties the cache as well."""

    def test_what_is_older_than_the_window_does_not_count(self) -> None:
        first, inside, outside = NOON, NOON + self.rule.window, NOON + self.rule.window + timedelta(seconds=1)
        assert self.counted(first, inside, outside) == [1, 2, 2]

    def test_the_same_value_counts_once_and_again_from_its_last_time(self) -> None:
        assert self.counted(NOON, NOON + timedelta(minutes=1), value="a") == [1, 1]
        assert self.counted(NOON + timedelta(minutes=61), value="b") == [2]

    def test_a_flood_does_not_fill_the_memory(self) -> None:
        most = counting.MOST_OVER * self.rule.threshold
        assert max(self.counted(*[NOON + timedelta(seconds=one) for one in range(3 * most)])) == most

    def test_what_is_counted_is_named_by_a_hash_and_is_forgotten(self) -> None:
        self.counted(NOON)
        [name] = counting.connection().keys("detection:*")
        assert b"user" not in name
        assert 0 < counting.connection().ttl(name) <= self.rule.window.total_seconds() + counting.SPARE_SECONDS

    def test_a_rule_rings_once_and_is_quiet_until_its_time_is_over(self) -> None:
        assert counting.begin_ringing("x", "user:1") and not counting.begin_ringing("x", "user:1")
        assert counting.begin_ringing("x", "user:2") and counting.begin_ringing("y", "user:1")
        counting.forget_ringing("x", "user:1")
        assert counting.begin_ringing("x", "user:1")


class TestPlaces:
    """`a` and `b` are terminals on one line; times are seconds."""

    def heard(self, *beats: tuple[str, str, float]) -> list[str]:
        known: dict[str, Place] = {}
        found: list[str] = []
        for device, address, at in beats:
            known[device] = follow(known.get(device), address=address, at=at)
            found += carried_away(known, speaks=device)
        return sorted(set(found))

    def test_one_that_leaves_while_the_other_stays_was_carried_away(self) -> None:
        before = [("a", "home", 0.0), ("b", "home", 1.0), ("b", "far", 60.0)]
        assert self.heard(*before, ("a", "home", 60.0 + places.SETTLED_SECONDS)) == []
        assert self.heard(*before, ("a", "home", 61.0 + places.SETTLED_SECONDS)) == ["b"]

    def test_a_line_with_a_new_address_moves_all(self) -> None:
        assert (
            self.heard(("a", "old", 0), ("b", "old", 50), ("a", "new", 60), ("b", "new", 110), ("a", "new", 500)) == []
        )

    def test_a_house_with_two_lines_has_terminals_on_both(self) -> None:
        beats = [("a", "one", 0.0), ("b", "one", 1.0), ("c", "two", 2.0), ("b", "two", 60.0)]
        assert self.heard(*beats, ("a", "one", 600.0)) == []

    def test_a_single_terminal_says_nothing(self) -> None:
        assert self.heard(("a", "home", 0), ("a", "far", 60), ("a", "far", 6_000)) == []

    def test_where_it_was_days_ago_is_forgotten(self) -> None:
        later = 2.0 * places.REMEMBERED_SECONDS
        assert self.heard(("b", "home", 0), ("a", "home", later), ("b", "far", later), ("a", "home", later + 600)) == []


@pytest.mark.parametrize(
    ("wall", "up", "jumped"),
    [(60, 60, 0), (62, 60, 2), (3_660, 60, 3_600), (-3_540, 60, -3_600), (500, -900, 0)],
    ids=["goes on", "corrected", "ahead", "back", "the machine began anew"],
)
def test_a_clock_jumps_when_more_or_less_time_passes_on_it_than_passed(wall: int, up: int, jumped: int) -> None:
    assert clock.jump(Reading(1_000, 1_000), Reading(1_000 + wall, 1_000 + up)) == jumped


@pytest.mark.parametrize(
    ("before", "now", "allowed", "told"),
    [
        ({"postgres": 3}, {"postgres": 3}, set(), {}),
        ({"postgres": 3}, {"postgres": 5}, set(), {"postgres": 2}),
        ({}, {"consentry_web": 1}, set(), {"consentry_web": 1}),
        ({"postgres": 9}, {"postgres": 1}, set(), {"postgres": 1}),
        ({readers.OWNER: 1}, {readers.OWNER: 2, "postgres": 1}, {readers.OWNER}, {"postgres": 1}),
    ],
    ids=["as before", "read again", "for the first time", "counters were reset", "a backup"],
)
def test_who_has_read_since_the_last_look(
    before: dict[str, int], now: dict[str, int], allowed: set[str], told: dict[str, int]
) -> None:
    assert readers.strangers(before, now, allowed=allowed) == told


def test_the_documented_table_is_that_of_the_rules() -> None:
    written = (ROOT / "docs" / "detection.md").read_text(encoding="utf-8")
    assert placed(written) == written, "write it by: manage.py rules --write"


def test_every_rule_says_what_to_do_in_both_languages() -> None:
    for rule in RULES.values():
        for language in ("en", "zh-hans"):
            with override(language):
                assert len(str(rule.title)) > 3 and len(str(rule.advice)) > 15, rule.code
        assert rule.article and rule.threshold >= 1, rule.code
