"""What can be done to many rows at once: who would change, who would not and why, and one row after the other.

Never a consent, and nothing about a face (design.md): each person answers alone.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.exports import LISTINGS
from portal.work import runners
from portal.work.kinds import JobKind
from portal.work.runners import Order, Result, Work
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission
from tenants.organizations.scoping import tenant_context

MOST_ROWS = 5_000
SLICE = 50
SHOWN = 50  # of those who are left as they are, with their reasons

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Action:
    """`judge` says why not, by the row's key, in a constant number of queries; `act` does it and may still refuse.

    `fields` are the names of what is asked besides (forms/bulk.py). `code` names a row without anybody's name.
    """

    name: str
    label: Any
    listing: str
    permission: Permission
    judge: Callable[[Property, User, Sequence[Any], Data], dict[uuid.UUID, Any]]
    act: Callable[[Property, User, Any, Data], Any]
    fields: tuple[str, ...] = ()
    code: Callable[[Any], str] = str
    warning: Any = ""
    is_offered: Callable[[], bool] = lambda: True


@dataclass(frozen=True)
class Preview:
    """What would happen. `why` counts the reasons of those who are left; `left` shows the first of them."""

    rows: list[Any]
    good: list[uuid.UUID]
    why: list[tuple[str, int]]
    left: list[tuple[Any, str]]


_actions: dict[tuple[str, str], Action] = {}


def register(action: Action) -> None:
    _actions[action.listing, action.name] = action
    title = format_lazy("{list}: {what}", list=LISTINGS[action.listing].title, what=action.label)
    work = Work(title=title, permission=action.permission, run=run, page=action.listing, resumes=True)
    runners.register(JobKind.BULK, f"{action.listing}.{action.name}", work)


def actions_for(listing: str, granted: frozenset[Permission]) -> list[Action]:
    """Return what a member with these rights may do to many rows of a list."""
    mine = [action for (name, _what), action in _actions.items() if name == listing and action.permission in granted]
    return [action for action in mine if action.is_offered()]


def find(listing: str, name: str) -> Action | None:
    return _actions.get((listing, name))


def rows_of(tenant: Property, actor: User, listing: str, keys: Sequence[Any]) -> QuerySet[Any]:
    return LISTINGS[listing].rows(tenant, actor).filter(pk__in=keys)


def preview(*, tenant: Property, actor: User, action: Action, rows: Sequence[Any], data: Data) -> Preview:
    """Say who would change, and of the others why not. Changes nothing."""
    why = {key: str(reason) for key, reason in action.judge(tenant, actor, rows, data).items()}
    return Preview(
        rows=list(rows),
        good=[row.pk for row in rows if row.pk not in why],
        why=Counter(why.values()).most_common(),
        left=[(row, why[row.pk]) for row in rows if row.pk in why][:SHOWN],
    )


def run(order: Order) -> Result:
    """Do it to one row after the other, each in its own transaction; who refuses is left, with the reason."""
    asked = order.asked
    action = _actions[asked["listing"], asked["action"]]
    keys: list[str] = asked["keys"]
    said: dict[str, Any] = {"changed": 0, "left": [], "left_count": 0} | order.said
    order.step(order.done, total=len(keys))
    for begin in range(order.done, len(keys), SLICE):
        some = keys[begin : begin + SLICE]
        with tenant_context(order.tenant.pk):
            rows = {str(row.pk): row for row in rows_of(order.tenant, order.actor, action.listing, some)}
            why = action.judge(order.tenant, order.actor, list(rows.values()), asked["data"])
        for place, key in enumerate(some, start=begin + 1):
            with tenant_context(order.tenant.pk):
                if row := rows.get(key):
                    _count(said, action.code(row), str(why.get(row.pk, "")) or _act(order, action, row))
                order.step(place, said=said)  # stands or falls with the row, so that none is done twice
    return Result(said=said)


def _count(said: dict[str, Any], which: str, reason: str) -> None:
    said["left_count" if reason else "changed"] += 1
    if reason and len(said["left"]) < SHOWN:
        said["left"].append((which, reason))


def _act(order: Order, action: Action, row: Any) -> str:
    """Do it to one row; return why not when a rule stands against it."""
    try:
        with transaction.atomic():
            action.act(order.tenant, order.actor, row, order.asked["data"])
    except ValidationError as broken:
        return " ".join(broken.messages) or _("A rule stands against it.")
    return ""


NOT_OPEN = gettext_lazy("a minor's record, which a second member opens")
ERASED = gettext_lazy("the record was erased")
