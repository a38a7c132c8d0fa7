"""Who a face is, by numbers alone: similar enough, and clearly first."""

import uuid

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recognition.matching import answers
from recognition.matching.gallery import Candidate, Gallery
from recognition.matching.rules import decide, resembling

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


@given(seed=st.integers(0, 10_000), people=st.integers(1, 12), count=st.integers(1, 5))
def test_of_several_templates_of_a_person_the_best_counts_and_the_next_is_somebody_else(
    seed: int, people: int, count: int
) -> None:
    random = np.random.default_rng(seed)
    owners = [uuid.UUID(int=i) for i in range(people) for _template in range(int(random.integers(1, 4)))]
    random.shuffle(owners)
    rows = random.standard_normal((len(owners), 8)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    probe, gallery = rows[0], Gallery(1, "m", tuple(owners), rows)
    best = {}
    for owner, row in zip(owners, rows, strict=True):
        best[owner] = max(best.get(owner, -2.0), float(np.dot(row, probe)))
    by_hand = sorted(best.values(), reverse=True)[:count]
    nearest = gallery.nearest(probe, count=count)
    assert len({c.person_id for c in nearest}) == len(nearest) == min(count, people)
    assert np.allclose([c.similarity for c in nearest], by_hand, atol=1e-5)
    for owner, similarity in best.items():
        [own] = gallery.of_person(owner, probe)
        assert abs(own.similarity - similarity) < 1e-5
    assert gallery.of_person(uuid.UUID(int=99), probe) == []


def test_a_similarity_that_is_no_number_opens_nothing() -> None:
    broken = float("nan")
    assert decide([Candidate(LI, broken)], threshold=0.5, margin=0.05) == (None, answers.NO_MATCH)
    assert decide([Candidate(LI, 0.9), Candidate(WANG, broken)], threshold=0.5, margin=0.05)[0] is None


def test_whom_a_face_resembles_is_never_the_person_and_never_below_the_threshold() -> None:
    near, far = Candidate(WANG, 0.6), Candidate(WANG, 0.4)
    assert resembling([Candidate(LI, 0.9), near], threshold=0.5, person_id=LI) == WANG
    assert resembling([Candidate(LI, 0.9), far], threshold=0.5, person_id=LI) is None
    assert resembling([Candidate(LI, 0.9)], threshold=0.5, person_id=LI) is None
