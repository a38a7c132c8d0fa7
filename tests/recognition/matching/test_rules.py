"""Who a face is, by numbers alone: similar enough, and clearly first."""

import uuid

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recognition.matching import answers
from recognition.matching.gallery import Candidate, Gallery
from recognition.matching.rules import decide

LI, WANG = uuid.uuid4(), uuid.uuid4()
similarities = st.floats(-1, 1, allow_nan=False)


def test_nobody_is_found_in_an_empty_gallery() -> None:
    assert decide([], threshold=0.5, margin=0.05) == (None, answers.NO_MATCH)


@given(similarity=similarities)
def test_one_person_is_found_from_the_threshold_on(similarity: float) -> None:
    found, rule = decide([Candidate(LI, similarity)], threshold=0.5, margin=0.05)
    assert (found, rule) == ((LI, answers.MATCHED) if similarity >= 0.5 else (None, answers.NO_MATCH))


def test_two_who_look_alike_open_nothing() -> None:
    twins = [Candidate(LI, 0.90), Candidate(WANG, 0.88)]
    assert decide(twins, threshold=0.5, margin=0.05) == (None, answers.NEAR_TIE)
    assert decide(twins, threshold=0.5, margin=0.01) == (LI, answers.MATCHED)


@given(first=similarities, second=similarities, threshold=similarities, margin=st.floats(0, 1))
def test_nobody_below_the_threshold_or_in_a_near_tie_is_ever_found(
    first: float, second: float, threshold: float, margin: float
) -> None:
    best, next_best = max(first, second), min(first, second)
    found, _rule = decide([Candidate(LI, best), Candidate(WANG, next_best)], threshold=threshold, margin=margin)
    assert found is None or (best >= threshold and best - next_best >= margin)


@given(seed=st.integers(0, 10_000), count=st.integers(1, 40))
def test_the_nearest_are_those_of_a_plain_search(seed: int, count: int) -> None:
    random = np.random.default_rng(seed)
    rows = random.standard_normal((count, 8)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    ids = tuple(uuid.UUID(int=i) for i in range(count))
    probe = rows[seed % count]
    nearest = Gallery(1, "m", ids, rows).nearest(probe)
    by_hand = sorted((-float(np.dot(row, probe)), person) for person, row in zip(ids, rows, strict=True))
    assert nearest[0].person_id == ids[seed % count]
    assert len(nearest) == min(2, count)
    assert abs(nearest[-1].similarity + by_hand[len(nearest) - 1][0]) < 1e-5
