"""The table of a request's states, its clock in Beijing dates, and contacts as people type them."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.people.kinds import PromptChannel
from tenants.rights.kinds import RequestKind, RequestState
from tenants.rights.rules.clocks import Clock, add_working_days, is_past_target, working_days_left
from tenants.rights.rules.contacts import channel_of, plain_contact, same_words
from tenants.rights.rules.transitions import Need, Standing, may_become, missing

S = RequestState
# Written down a second time, so that a change of the table is a decision and no slip.
STEPS = {
    (S.RECEIVED, S.CONFIRMED), (S.RECEIVED, S.REFUSED), (S.RECEIVED, S.TAKEN_BACK),
    (S.CONFIRMED, S.ANSWERED), (S.CONFIRMED, S.REFUSED), (S.CONFIRMED, S.MERGED), (S.CONFIRMED, S.TAKEN_BACK),
}  # fmt: skip
days = st.dates(date(2025, 1, 1), date(2026, 12, 31))


class TestTheTable:
    @pytest.mark.parametrize(("state", "target"), list(itertools.product(S, S)))
    def test_only_these_seven_steps_exist(self, state: S, target: S) -> None:
        assert may_become(state, target) == ((state, target) in STEPS)

    @pytest.mark.parametrize("state", ["", "lost", "RECEIVED"])
    def test_an_unknown_state_becomes_nothing(self, state: str) -> None:
        assert not any(may_become(state, target) for target in S)

    def test_what_each_end_needs(self) -> None:
        everything = {"identity": True, "person": True, "words": True, "reason": True, "article": True, "other": True}
        for target in (S.ANSWERED, S.REFUSED, S.MERGED, S.TAKEN_BACK):
            assert missing(Standing(state="confirmed", **everything), target) == []
            assert Need.WORDS in missing(Standing(state="confirmed", **everything | {"words": False}), target)
        for target in (S.CONFIRMED, S.ANSWERED, S.MERGED):
            assert missing(Standing(state="received", **everything | {"identity": False}), target) == [Need.IDENTITY]


class TestTheClock:
    @given(received=days, paused=st.integers(0, 40), extended=st.booleans())
    def test_a_pause_and_an_extension_move_the_last_day_by_their_working_days(
        self, received: date, paused: int, extended: bool
    ) -> None:
        clock = Clock(received_on=received, paused_days=paused, is_extended=extended)
        assert clock.due(received) == add_working_days(received, 15 + paused + 15 * extended)

    @given(received=days, before=st.integers(0, 10), passed=st.integers(-5, 60))
    def test_while_it_waits_for_the_person_as_many_days_are_left_as_when_it_stopped(
        self, received: date, before: int, passed: int
    ) -> None:
        paused_on = add_working_days(received, before).on
        clock = Clock(received_on=received, paused_on=paused_on)
        today = paused_on + timedelta(days=passed)
        left = working_days_left(today, clock.due(today).on)
        if passed >= 0:
            assert left == 15 - before
        else:  # the clock was set back: nothing is taken off
            assert clock.due(today) == add_working_days(received, 15)
        assert not clock.is_to_remind(today) and not clock.is_to_escalate(today)

    def test_the_fifth_day_is_the_calendar_s(self) -> None:
        clock = Clock(received_on=date(2026, 3, 4))
        assert not clock.is_to_escalate(date(2026, 3, 8))
        assert clock.is_to_escalate(date(2026, 3, 9))  # a weekend between does not count less

    @given(received=days, looked=st.lists(st.integers(0, 60), min_size=1, max_size=8))
    def test_however_seldom_the_beat_comes_no_milestone_is_forgotten(self, received: date, looked: list[int]) -> None:
        """Looked at on any days: whoever looks last past a milestone has been reminded since it was reached."""
        reminded_on = None
        for passed in sorted(looked):
            today = received + timedelta(days=passed)
            clock = Clock(received_on=received, reminded_on=reminded_on)
            left = working_days_left(today, clock.due(today).on)
            if clock.is_to_remind(today):
                reminded_on = today
            if left <= 5:
                assert reminded_on is not None
                since = [m for m in (5, 3, 1, 0, -1) if left <= m < working_days_left(reminded_on, clock.due(today).on)]
                assert since == []
            else:
                assert reminded_on is None

    def test_whoever_is_late_is_reminded_again_every_five_working_days(self) -> None:
        received = date(2026, 3, 2)
        due = add_working_days(received, 15).on
        reminded_on, told = None, []
        for passed in range(90):
            today = received + timedelta(days=passed)
            if Clock(received_on=received, reminded_on=reminded_on).is_to_remind(today):
                reminded_on = today
                told.append(working_days_left(today, due))
        assert told[:6] == [5, 3, 1, 0, -1, -6]

    def test_nothing_lapses_that_nobody_asked_for(self) -> None:
        received = date(2026, 3, 2)
        assert not Clock(received_on=received).has_lapsed(received + timedelta(days=400))
        asked = Clock(received_on=received, paused_on=received)
        assert not asked.has_lapsed(received + timedelta(days=29))
        assert asked.has_lapsed(received + timedelta(days=30))
        assert not asked.has_lapsed(received - timedelta(days=3))

    def test_a_year_that_is_not_announced_gives_not_before(self) -> None:
        due = Clock(received_on=date(2098, 12, 20)).due(date(2098, 12, 20))
        assert not due.is_final

    @pytest.mark.parametrize("kind", RequestKind)
    def test_what_ends_a_face_is_late_after_a_day(self, kind: RequestKind) -> None:
        proved = datetime(2026, 3, 2, 9, tzinfo=UTC)
        asked = {"kind": kind, "state": "confirmed", "proved_at": proved}
        assert not is_past_target(**asked, now=proved + timedelta(hours=24))
        at_once = kind in {"delete", "withdraw", "restrict"}
        assert is_past_target(**asked, now=proved + timedelta(hours=25)) == at_once
        assert not is_past_target(**asked | {"state": "answered"}, now=proved + timedelta(hours=25))


class TestContacts:
    @pytest.mark.parametrize(
        ("typed", "plain", "channel"),
        [
            ("138 0013 8000", "13800138000", PromptChannel.SMS),
            ("+86-138-0013-8000", "13800138000", PromptChannel.SMS),
            ("008613800138000", "13800138000", PromptChannel.SMS),
            ("１３８００１３８０００", "13800138000", PromptChannel.SMS),
            ("0571-8888 9999", "057188889999", PromptChannel.SMS),
            (" Li@Example.COM ", "li@example.com", PromptChannel.EMAIL),
            ("问门卫", "", None),
            ("110", "", None),
            ("a@b", "", None),
            ("@example.com", "", None),
            ("a b@example.com", "", None),
            ("a@b@example.com", "", None),
            ("", "", None),
        ],
    )
    def test_a_contact_is_compared_as_it_is_meant(self, typed: str, plain: str, channel: PromptChannel | None) -> None:
        assert (plain_contact(typed), channel_of(typed)) == (plain, channel)

    @given(st.text(max_size=60))
    def test_anything_may_be_typed(self, typed: str) -> None:
        plain = plain_contact(typed)
        assert plain == plain_contact(plain)
        assert (channel_of(typed) is None) == (plain == "")

    def test_names_are_compared_without_their_spaces(self) -> None:
        assert same_words("Li  Ming", "ｌｉ ming") and not same_words("李明", "李敏")
