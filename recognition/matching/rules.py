"""Pure rules of matching: candidates → a person, or the reason why not."""

import uuid
from collections.abc import Sequence

from recognition.matching import answers
from recognition.matching.gallery import Candidate


def decide(candidates: Sequence[Candidate], *, threshold: float, margin: float) -> tuple[uuid.UUID | None, str]:
    """Return the one person who is similar enough and clearly first, else None, with the rule.

    Candidates come best first. A near tie is no match: a door must not guess between two people.
    """
    if not candidates or candidates[0].similarity < threshold:
        return None, answers.NO_MATCH
    if len(candidates) > 1 and candidates[0].similarity - candidates[1].similarity < margin:
        return None, answers.NEAR_TIE
    return candidates[0].person_id, answers.MATCHED
