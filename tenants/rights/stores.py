"""Where personal data lives. Every place registers itself once; erasure, access and sweeps walk this list.

A store above this room (templates, captures, door events) registers itself at start-up, so that rights
never imports a face.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from django.utils.functional import Promise

from tenants.organizations.models import Property
from tenants.people.models import Person
from tenants.rights.kinds import ErasureScope

RunsAs = Literal["web", "recognition"]


@runtime_checkable
class PersonalDataStore(Protocol):
    """One place that holds personal data.

    `scope` says which erasure reaches it: FACE (every erasure) or PERSON (only when everything goes).
    `runs_as` is the database role that may erase it. `models` are the labels it answers for.
    """

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str | Promise: ...
    @property
    def scope(self) -> ErasureScope: ...
    @property
    def runs_as(self) -> RunsAs: ...
    @property
    def models(self) -> tuple[str, ...]: ...

    def count(self, person: Person) -> int:
        """Return how many rows an erasure would take."""

    def export(self, person: Person) -> list[dict[str, object]]:
        """Return what the person may see of it, JSON-ready. Runs as the web role."""

    def erase(self, person: Person) -> int:
        """Erase and return how many rows went. Idempotent."""


@runtime_checkable
class ManyStore(Protocol):
    """What a store that a face's erasure reaches offers besides, so that thousands who are due go together."""

    def erase_many(self, people: Sequence[Person]) -> Mapping[uuid.UUID, int]:
        """Erase for all of these people of one property; return how many rows went, by the person's id. Idempotent."""

    def holding(self, people: Sequence[Person]) -> set[uuid.UUID]:
        """Return of whom something is left. A constant number of queries."""


class Revoker(Protocol):
    """What must be true at once when an erasure is ordered, inside its transaction."""

    def __call__(self, *, person: Person) -> int:
        """Make the face unusable; return how many keys were destroyed."""


class ManyRevoker(Protocol):
    """The same for many people of one property, in a constant number of queries."""

    def __call__(self, *, tenant: Property, people: Sequence[Person]) -> Mapping[uuid.UUID, int]:
        """Return how many keys were destroyed, by the person's id; who is left out had none."""


class Expirer(Protocol):
    """Deletes what has outlived its clock in one property."""

    def __call__(self, *, tenant: Property) -> int:
        """Return how many rows went."""


class Witness(Protocol):
    """Knows what a certificate says beyond the counts of the stores, such as which terminals confirmed."""

    def __call__(self, *, person: Person, since: datetime, until: datetime) -> Mapping[str, list[dict[str, object]]]:
        """Return parts of the certificate by their name, JSON-ready, without anybody's name. Runs as the web role."""


def rows_of(rows: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Return the rows of `.values(...)` as plain dictionaries."""
    return [dict(row) for row in rows]


_stores: dict[str, PersonalDataStore] = {}
_revokers: dict[Revoker, ManyRevoker | None] = {}
_expirers: dict[Expirer, str] = {}
_witnesses: list[Witness] = []


def register(store: PersonalDataStore) -> None:
    """Add a store. Raises ValueError when the name is taken by another one."""
    if _stores.setdefault(store.name, store) is not store:
        raise ValueError(f"A store named {store.name} is registered already.")


def register_revoker(revoker: Revoker, *, many: ManyRevoker | None = None) -> None:
    """Register what an order does at once; without `many` a sweep calls it for each person."""
    _revokers.setdefault(revoker, many)


def register_expirer(expirer: Expirer, *, due: str = "TRUE") -> None:
    """Register what the sweep of a property calls when `due` holds: a condition in SQL that an index answers.

    It speaks of the property's row as `p`, and of `%(now)s` and `%(today)s` (rights/due.py).
    """
    _expirers.setdefault(expirer, due)


def expirers() -> list[tuple[Expirer, str]]:
    """Return every expirer with its condition, in the order of registration."""
    return list(_expirers.items())


def register_witness(witness: Witness) -> None:
    if witness not in _witnesses:
        _witnesses.append(witness)


def stores() -> list[PersonalDataStore]:
    return list(_stores.values())


def stores_for(scope: str) -> list[PersonalDataStore]:
    """Return the stores that an erasure of this scope reaches."""
    return [store for store in stores() if scope == ErasureScope.PERSON or store.scope == ErasureScope.FACE]


def revoke_all(*, person: Person) -> int:
    return sum(revoker(person=person) for revoker in _revokers)


def testimony(*, person: Person, since: datetime, until: datetime) -> dict[str, list[dict[str, object]]]:
    """Return what every witness knows of an erasure between its order and its end."""
    found: dict[str, list[dict[str, object]]] = {}
    for witness in _witnesses:
        found.update(witness(person=person, since=since, until=until))
    return found


def revoke_many(*, tenant: Property, people: Sequence[Person]) -> dict[uuid.UUID, int]:
    """Make many faces of one property unusable; return how many keys were destroyed, by the person's id."""
    destroyed = dict.fromkeys((person.pk for person in people), 0)
    for revoker, many in _revokers.items():
        found = many(tenant=tenant, people=people) if many else {p.pk: revoker(person=p) for p in people}
        for person_id, count in found.items():
            destroyed[person_id] += count
    return destroyed


def expire_all(*, tenant: Property) -> int:
    return sum(expirer(tenant=tenant) for expirer in _expirers)
