"""Who does which work. A door registers what it can have done at start-up; the worker finds it here by name."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from portal.work.kinds import JobKind
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission

Step = Callable[..., None]


class Stopped(Exception):
    """The member cancelled it, or another worker has taken it over: leave everything as it is and return."""


@dataclass(frozen=True)
class Order:
    """What a runner gets. `done`, `said` and `kept` are where an earlier worker came to; 0 and empty at first.

    `step(done, total=…, said=…, kept=…)` says how far it is. Called inside the transaction of a slice it stands or
    falls with it, so that a slice is never done twice. It raises Stopped. `kept` is what there is of the file so far.
    """

    tenant: Property
    actor: User
    asked: dict[str, Any]
    step: Step
    done: int = 0
    said: dict[str, Any] = field(default_factory=dict)
    kept: bytes = b""


@dataclass(frozen=True)
class Result:
    """`content` is a file, kept for a day under `name`; `people` are those whom it names. `said` is kept for longer:
    numbers, codes and sentences, never a name."""

    content: bytes = b""
    name: str = ""
    people: frozenset[uuid.UUID] = frozenset()
    said: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Work:
    """`permission` is what the member needs when it is ordered, while it runs and when the file is fetched.

    Of work that `resumes`, a worker that dies leaves what it did, and the next goes on from `done`. `page` is the
    name of the address of the list that it is about. A file that `names_people` is kept whole or not at all, and each
    time it is fetched is written down.
    """

    title: Any
    permission: Permission
    run: Callable[[Order], Result]
    page: str
    resumes: bool = False
    names_people: bool = True


_works: dict[tuple[str, str], Work] = {}


def register(kind: JobKind, what: str, work: Work) -> None:
    """Add a kind of work. Raises ValueError when the name is taken by another one."""
    if _works.setdefault((kind.value, what), work) is not work:
        raise ValueError(f"Work {kind.value} {what} is registered already.")


def find(kind: str, what: str) -> Work:
    """Return who does it. Raises KeyError."""
    return _works[kind, what]


def title_of(kind: str, what: str) -> Any:
    """Return what a member calls it; of work that this version does not know, the kind alone."""
    work = _works.get((kind, what))
    return work.title if work else JobKind(kind).label


def page_of(kind: str, what: str) -> str:
    """Return the name of the address of its list, "" when this version does not know it."""
    work = _works.get((kind, what))
    return work.page if work else ""


def names_people(kind: str, what: str) -> bool:
    """Say whether its file may name somebody; of work that this version does not know, it may."""
    work = _works.get((kind, what))
    return work is None or work.names_people
