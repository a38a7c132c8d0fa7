"""What a list is made of."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission


@dataclass(frozen=True)
class Asker:
    """Stands for the request where a filter asks who looks."""

    user: User


@dataclass(frozen=True)
class Column:
    """`cell` returns text, a number, a day or a moment; None and "" are an empty cell.

    One that is not `on_page` stands in files only; one that is not `is_usual` is shown when a member chose it; one that
    `is_kept` is always shown: it leads to the row's own page.
    """

    key: str
    label: Any
    cell: Callable[[Any], Any]
    on_page: bool = True
    is_usual: bool = True
    is_kept: bool = False


def _nothing(_tenant: Property, _rows: Sequence[Any]) -> None:
    """Most rows bring all that their cells read."""


def _nobody(_row: Any) -> uuid.UUID | None:
    return None


@dataclass(frozen=True)
class Listing:
    """`rows` are all rows that this member may see, in their order; `narrow` applies the filters of an address.

    `complete` loads for one page what the cells read besides; `person` is whom a row
    names: none once the record was erased, and none where a code stands instead of a name.
    """

    name: str
    title: Any
    permission: Permission
    columns: tuple[Column, ...]
    rows: Callable[[Property, User], QuerySet[Any]]
    narrow: Callable[[QuerySet[Any], QueryDict, Property, User], QuerySet[Any]]
    complete: Callable[[Property, Sequence[Any]], None] = _nothing
    person: Callable[[Any], uuid.UUID | None] = _nobody

    def found(self, tenant: Property, actor: User, query: QueryDict) -> QuerySet[Any]:
        """Return the rows that an address shows, whatever page of them."""
        return self.narrow(self.rows(tenant, actor), query, tenant, actor)

    def shown(self, chosen: Sequence[str]) -> list[str]:
        """Return the keys of the columns to show, in their order; the usual ones when nothing was chosen."""
        on_page = [column for column in self.columns if column.on_page]
        if not any(column.key in chosen for column in on_page):
            return [column.key for column in on_page if column.is_usual or column.is_kept]
        return [column.key for column in on_page if column.is_kept or column.key in chosen]
