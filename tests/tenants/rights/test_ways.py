"""The ways of a door, replayed from the log."""

from datetime import UTC, datetime, timedelta

from tenants.rights.rules.ways import Change, gaps, replay


def test_what_was_before_the_log_is_left_open() -> None:
    day = datetime(2026, 3, 2, tzinfo=UTC)
    spans = replay([Change(day + timedelta(days=2), {"is_live": "True", "fee": "0"})])
    assert gaps(spans, day, day + timedelta(days=5)) == [(day, day + timedelta(days=2))]


def test_a_way_ends_with_its_door_and_a_paid_one_does_not_count() -> None:
    day = datetime(2026, 3, 2, tzinfo=UTC)
    at = [day + timedelta(days=number) for number in range(5)]
    changes = [Change(at[0], {"is_live": "True", "fee": "0"}), Change(at[1], {"fee": "2.00"})]
    spans = replay([*changes, Change(at[2], {"fee": "0.00"}), Change(at[3], {}, is_end=True)])
    assert [span.works for span in spans] == [True, False, True]
    assert gaps(spans, at[0], at[4]) == [(at[1], at[2]), (at[3], at[4])]
