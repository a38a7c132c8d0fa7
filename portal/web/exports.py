"""Lists as files: a worker reads the rows slice by slice and keeps the file for a day."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web import sheets, workbooks
from portal.web.listings.devices import DEVICES
from portal.web.listings.listing import Listing
from portal.web.listings.people import PEOPLE
from portal.web.listings.requests import COMPLAINTS, REQUESTS
from portal.web.listings.traces import ERASURES, EVENTS
from portal.work import runners
from portal.work.kinds import JobKind
from portal.work.runners import Order, Result, Work
from tenants.organizations.scoping import tenant_context

LISTINGS: dict[str, Listing] = {
    listing.name: listing for listing in (PEOPLE, DEVICES, REQUESTS, COMPLAINTS, ERASURES, EVENTS)
}
FORMATS = {"xlsx": gettext_lazy("Workbook (XLSX)"), "csv": gettext_lazy("Table (CSV)")}
MOST_ROWS = 50_000
SLICE = 500


def run(order: Order) -> Result:
    """Write the file that was asked for: the list, its filters, its columns, its format."""
    listing = LISTINGS[order.asked["listing"]]
    wanted = set(order.asked["columns"])
    columns = [column for column in listing.columns if column.key in wanted]
    if not columns:
        raise ValidationError(_("Choose at least one column."), code="no_columns")
    people: set[uuid.UUID] = set()
    lines = list(_lines(order, listing, columns, people))
    header, name = [str(column.label) for column in columns], f"{listing.name}-{timezone.localdate().isoformat()}"
    if order.asked["format"] == "csv":
        return Result(sheets.write(header, lines), f"{name}.csv", frozenset(people))
    return Result(workbooks.write(str(listing.title), header, lines), f"{name}.xlsx", frozenset(people))


def _lines(order: Order, listing: Listing, columns: list[Any], people: set[uuid.UUID]) -> Iterator[list[Any]]:
    """Read the rows in slices, each in its own transaction. Which rows they are is settled at the beginning."""
    tenant, actor = order.tenant, order.actor
    with tenant_context(tenant.pk):
        found = listing.found(tenant, actor, QueryDict(order.asked["query"]))
        keys = list(found.values_list("pk", flat=True)[:MOST_ROWS])
    order.step(0, total=len(keys))
    for begin in range(0, len(keys), SLICE):
        some = keys[begin : begin + SLICE]
        with tenant_context(tenant.pk):
            rows = {row.pk: row for row in listing.rows(tenant, actor).filter(pk__in=some)}
            present = [rows[key] for key in some if key in rows]
            listing.complete(tenant, present)
            for row in present:
                if person := listing.person(row):
                    people.add(person)
                yield [column.cell(row) for column in columns]
        order.step(begin + len(some))


def register() -> None:
    for listing in LISTINGS.values():
        title = format_lazy(gettext_lazy("File: {list}"), list=listing.title)
        work = Work(title=title, permission=listing.permission, run=run, page=listing.name)
        runners.register(JobKind.EXPORT, listing.name, work)
