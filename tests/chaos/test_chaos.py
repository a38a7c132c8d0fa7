"""The short form of `make chaos`: few people, and each part dies once in each act."""

import pytest

from tests.chaos.__main__ import run


@pytest.mark.stack
@pytest.mark.model
def test_nothing_is_lost_doubled_or_resurrected_while_every_part_dies() -> None:
    run(people=3, packages=2, deaths=1, seed=1)
