"""Days pass, and workers run late or not at all."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.tenants.clearance.histories.stage import Stage


class Days(Stage):
    """A task that was sent may wait or be lost; a date may pass before anything has noticed."""

    @rule(days=st.sampled_from([1, 1, 2, 12, 31, 181, 366]), sweep_comes=st.booleans())
    def days_pass(self, days: int, sweep_comes: bool) -> None:
        self.acts += 1
        self.clock.passes(days=days)
        self.is_owed = True
        if sweep_comes:
            self.sweeps()

    @rule()
    def a_day_passes_unnoticed(self) -> None:
        self.acts += 1
        self.clock.passes(days=1)
        self.is_owed = True

    @rule(hour=st.sampled_from([5, 9, 13, 23]))
    def hours_pass(self, hour: int) -> None:
        before = self.clock.today
        self.clock.reads(hour)
        self.is_owed = self.is_owed or self.clock.today != before

    @rule()
    def the_sweeps_come_by(self) -> None:
        self.sweeps()

    @precondition(lambda self: not self.is_behind)
    @rule()
    def the_workers_fall_behind(self) -> None:
        self.is_behind = True

    @precondition(lambda self: self.is_behind)
    @rule()
    def the_workers_catch_up(self) -> None:
        self.is_behind = False
        self.comes_by()

    @precondition(lambda self: self.queue.waiting)
    @rule(which=st.integers(0, 9))
    def one_worker_takes_up_something(self, which: int) -> None:
        self.queue.take_up(which)
        self.comes_by()

    @precondition(lambda self: self.queue.waiting)
    @rule()
    def the_broker_loses_what_waits(self) -> None:
        """Nobody is told; the sweeps find it."""
        self.queue.lose()
        self.is_owed = True
        self.seen["lost"] += 1
