"""The short form of `make chaos`: few people, and each part dies once while faces come and once while they go."""

import pytest

from tests.chaos.__main__ import run


@pytest.mark.stack
@pytest.mark.model
def test_no_face_is_lost_doubled_or_resurrected_while_every_part_dies() -> None:
    run(people=3, deaths=1, seed=1)
