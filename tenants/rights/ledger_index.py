"""Who is named in the ledger, small enough for every process: sixteen bytes for each erasure."""

import uuid
from array import array
from bisect import bisect_left

_LOW = (1 << 64) - 1
FRESH = 20_000  # of those added last, in a dictionary, before all are sorted again


def short(id_: uuid.UUID) -> int:
    """Return the lower half of an id. Two that share it by chance cost a question to the database, no more."""
    return id_.int & _LOW


class Index:
    """From a person to the erasures of that person, both as `short` ids. Without NumPy, which web never loads."""

    def __init__(self) -> None:
        self._settled = array("Q"), array("Q")  # people in their order, and beside each an erasure
        self._fresh: dict[int, tuple[int, ...]] = {}

    def add(self, person: int, erasure: int) -> None:
        self._fresh[person] = (*self._fresh.get(person, ()), erasure)
        if len(self._fresh) > max(FRESH, len(self._settled[0]) // 2):
            self._settle()

    def of(self, person: int) -> tuple[int, ...]:
        """Return the erasures of a person, in microseconds. One may be there twice while another thread adds."""
        fresh = self._fresh.get(person, ())  # before the settled: what leaves this is there already
        people, erasures = self._settled
        place = bisect_left(people, person)
        settled = []
        while place < len(people) and people[place] == person:
            settled.append(erasures[place])
            place += 1
        return (*settled, *fresh)

    def _settle(self) -> None:
        pairs = [person << 64 | erasure for person, erasure in zip(*self._settled, strict=True)]
        pairs += [person << 64 | erasure for person, erasures in self._fresh.items() for erasure in erasures]
        pairs.sort()
        self._settled = array("Q", (pair >> 64 for pair in pairs)), array("Q", (pair & _LOW for pair in pairs))
        self._fresh = {}
