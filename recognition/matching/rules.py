"""Pure rules of matching: candidates → a person, or the reason why not."""

import uuid
from collections.abc import Sequence

from recognition.matching import answers
from recognition.matching.gallery import Candidate


def decide(candidates: Sequence[Candidate], *, threshold: float, margin: float) -> tuple[uuid.UUID | None, str]:
    """Return the one person who is similar enough and clearly first, else None, with the rule.

    Candidates are different persons, best first. A near tie is no match: a door must not guess between two people.
    Asked the way round that a similarity which is no number never passes.
    """
    if not candidates or not candidates[0].similarity >= threshold:
        return None, answers.NO_MATCH
    if len(candidates) > 1 and not candidates[0].similarity - candidates[1].similarity >= margin:
        return None, answers.NEAR_TIE
    return candidates[0].person_id, answers.MATCHED


def resembling(candidates: Sequence[Candidate], *, threshold: float, person_id: uuid.UUID) -> uuid.UUID | None:
    """Return the first other person who is as similar as one person's two photos are; None when nobody is."""
    others = (c.person_id for c in candidates if c.person_id != person_id and c.similarity >= threshold)
    return next(others, None)
