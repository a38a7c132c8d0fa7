"""人脸库: the decrypted templates of one property, in the memory of the recognition worker only."""

import uuid
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

# What a row costs beside its numbers: two ids, their places, and an entry in the index (measured, Python 3.11).
ID_BYTES = 300


@dataclass(frozen=True)
class Candidate:
    person_id: uuid.UUID
    similarity: float


@dataclass(frozen=True, eq=False)
class Gallery:
    """One property's faces of one model: `rows` is (n, dimension) float32, each row of length 1.

    `person_ids` says whose each row is, the same id once for each of a person's templates. The rows of a gallery
    from the cache are overwritten when nobody uses it any more: do not keep `rows` longer than the gallery.
    """

    stamp: object
    model_version: str
    person_ids: tuple[uuid.UUID, ...] = field(repr=False)
    rows: NDArray[np.float32] = field(repr=False)
    template_ids: tuple[str, ...] = field(default=(), repr=False)

    @cached_property
    def _last(self) -> dict[uuid.UUID, int]:
        return {person_id: place for place, person_id in enumerate(self.person_ids)}

    @cached_property
    def _several(self) -> dict[uuid.UUID, list[int]]:
        if len(self._last) == len(self.person_ids):
            return {}
        found: dict[uuid.UUID, list[int]] = {}
        for place, person_id in enumerate(self.person_ids):
            if self._last[person_id] != place or person_id in found:
                found.setdefault(person_id, []).append(place)
        return found

    def __contains__(self, person_id: uuid.UUID) -> bool:
        return person_id in self._last

    def places(self, person_id: uuid.UUID) -> list[int]:
        """Return where a person's rows are, in constant time; nowhere when this gallery does not know them."""
        if person_id in self._several:
            return self._several[person_id]
        return [self._last[person_id]] if person_id in self._last else []

    @property
    def nbytes(self) -> int:
        return self.rows.nbytes + len(self.person_ids) * ID_BYTES

    def nearest(self, probe: NDArray[np.float32], *, count: int = 2) -> list[Candidate]:
        """Return the most similar persons by exact scan, best first; of several templates of one the best counts.

        `count` passes over the similarities find them: for the two or three that a door needs this is much quicker
        than sorting, or than partitioning, half a million.
        """
        if not self.person_ids:
            return []
        similarities = self.rows @ probe
        found: list[Candidate] = []
        while len(found) < count:
            best = int(similarities.argmax())
            person_id, similarity = self.person_ids[best], float(similarities[best])
            if similarity == -np.inf:
                break
            found.append(Candidate(person_id, similarity))
            similarities[self.places(person_id)] = -np.inf
        return found

    def of_person(self, person_id: uuid.UUID, probe: NDArray[np.float32]) -> list[Candidate]:
        """Return one person's similarity, of their best template; nothing when this gallery does not know them."""
        places = self.places(person_id)
        return [Candidate(person_id, float((self.rows[places] @ probe).max()))] if places else []
