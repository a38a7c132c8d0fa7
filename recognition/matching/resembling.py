"""Matching's answer to enrolment: who else in the property has nearly this face."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from tenants.people.models import Person

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from recognition.engine.protocol import FaceEngine


def find(*, person: Person, embedding: NDArray[np.float32], engine: FaceEngine) -> uuid.UUID | None:
    """Return the nearest other person of this property whose template is as similar as one person's two photos are.

    Only templates of the same model are looked at. Loads NumPy, so only the recognition worker may call it.
    """
    from recognition.matching import rules
    from recognition.matching.cache import cache

    faces = cache.get(person.tenant, model_version=engine.model_version)
    return rules.resembling(faces.nearest(embedding), threshold=engine.threshold, person_id=person.pk)
