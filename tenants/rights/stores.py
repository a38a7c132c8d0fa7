"""Where personal data lives. Every place registers itself once; erasure, access and sweeps walk this list.

A store above this room (templates, captures, door events) registers itself at start-up, so that rights
never imports a face.
"""

from collections.abc import Iterable, Mapping
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


class Revoker(Protocol):
    """What must be true at once when an erasure is ordered, inside its transaction."""

    def __call__(self, *, person: Person) -> int:
        """Make the face unusable; return how many keys were destroyed."""


class Expirer(Protocol):
    """Deletes what has outlived its clock in one property."""

    def __call__(self, *, tenant: Property) -> int:
        """Return how many rows went."""


def rows_of(rows: Iterable[Mapping[str, object]]) -> list[dict[str, object]]:
    """Return the rows of `.values(...)` as plain dictionaries."""
    return [dict(row) for row in rows]


_stores: dict[str, PersonalDataStore] = {}
_revokers: list[Revoker] = []
_expirers: list[Expirer] = []


def register(store: PersonalDataStore) -> None:
    """Add a store. Raises ValueError when the name is taken by another one."""
    if _stores.setdefault(store.name, store) is not store:
        raise ValueError(f"A store named {store.name} is registered already.")


def register_revoker(revoker: Revoker) -> None:
    if revoker not in _revokers:
        _revokers.append(revoker)


def register_expirer(expirer: Expirer) -> None:
    if expirer not in _expirers:
        _expirers.append(expirer)


def stores() -> list[PersonalDataStore]:
    return list(_stores.values())


def stores_for(scope: str) -> list[PersonalDataStore]:
    """Return the stores that an erasure of this scope reaches."""
    return [store for store in stores() if scope == ErasureScope.PERSON or store.scope == ErasureScope.FACE]


def revoke_all(*, person: Person) -> int:
    return sum(revoker(person=person) for revoker in _revokers)


def expire_all(*, tenant: Property) -> int:
    return sum(expirer(tenant=tenant) for expirer in _expirers)
