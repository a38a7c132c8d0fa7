"""The short form of `make restore-drill`: few people, every step. `make test` leaves it to that command."""

import pytest

from tests.drill.__main__ import run


@pytest.mark.drill
@pytest.mark.stack
@pytest.mark.model
def test_nobody_who_was_erased_comes_in_after_an_older_backup_was_restored() -> None:
    told: list[str] = []
    assert " 0 let in" in run(people=3, say=told.append)
    assert any("3 erasures ordered again" in line for line in told)
