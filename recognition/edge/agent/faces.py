"""The templates in memory, which a face at the door is compared with. What goes is overwritten first."""

import threading
import uuid
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from recognition.edge.agent import rules


@dataclass
class Faces:
    """Rows have length 1, so the similarity of two is their dot product. `lock` is the store's."""

    threshold: float
    margin: float
    lock: threading.RLock
    _rows: dict[uuid.UUID, NDArray[np.float32]] = field(default_factory=dict, repr=False)
    _suspended: set[uuid.UUID] = field(default_factory=set)
    _all: tuple[list[uuid.UUID], NDArray[np.float32]] | None = field(default=None, repr=False)

    def put(self, person: uuid.UUID, rows: NDArray[np.float32], *, is_suspended: bool) -> None:
        with self.lock:
            self.drop(person)
            self._rows[person] = rows
            self.suspend(person, to=is_suspended)

    def suspend(self, person: uuid.UUID, *, to: bool) -> None:
        with self.lock:
            self._forget_all()
            if to:
                self._suspended.add(person)
            else:
                self._suspended.discard(person)

    def drop(self, person: uuid.UUID) -> None:
        with self.lock:
            self._forget_all()
            self._suspended.discard(person)
            gone = self._rows.pop(person, None)
            if gone is not None:
                gone.fill(0)

    def clear(self) -> None:
        with self.lock:
            for person in list(self._rows):
                self.drop(person)

    def may_use(self, person: uuid.UUID) -> bool:
        with self.lock:
            return person in self._rows and person not in self._suspended

    def verify(self, probe: NDArray[np.float32], person: uuid.UUID) -> tuple[uuid.UUID | None, str]:
        """1:1: the best of this person's templates."""
        with self.lock:
            if person not in self._rows:
                return None, rules.NOT_ENROLLED
            if person in self._suspended:
                return None, rules.NOT_CLEARED
            best = float((self._rows[person] @ probe).max())
        return rules.whose([(person, best)], threshold=self.threshold, margin=self.margin)

    def identify(self, probe: NDArray[np.float32]) -> tuple[uuid.UUID | None, str]:
        """1:N: everybody who may be used, each by the best template."""
        with self.lock:
            owners, matrix = self._gathered()
            similarities = matrix @ probe if owners else np.empty(0, dtype=np.float32)
        best: dict[uuid.UUID, float] = {}
        for index in np.argsort(-similarities):
            best.setdefault(owners[index], float(similarities[index]))
            if len(best) > 1:
                break
        return rules.whose(list(best.items()), threshold=self.threshold, margin=self.margin)

    def _gathered(self) -> tuple[list[uuid.UUID], NDArray[np.float32]]:
        if self._all is None:
            used = {person: rows for person, rows in self._rows.items() if person not in self._suspended}
            owners = [person for person, rows in used.items() for _row in rows]
            matrix = np.concatenate(list(used.values())) if used else np.empty((0, 0), dtype=np.float32)
            self._all = owners, matrix
        return self._all

    def _forget_all(self) -> None:
        if self._all is not None:
            self._all[1].fill(0)
            self._all = None
