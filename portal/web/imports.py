"""Tables that come in: which column is which fact, and long ones as work of a worker, slice by slice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.listings.devices import DEVICES as DEVICE_LIST
from portal.web.listings.people import PEOPLE as PEOPLE_LIST
from portal.work import runners
from portal.work.kinds import JobKind
from portal.work.runners import Order, Result, Work
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission
from tenants.organizations.scoping import tenant_context
from tenants.organizations.sheets import CheckedRow, Rows, Sheet, called, plain
from tenants.people.rules.sheets import PEOPLE
from tenants.people.services import imports as people_imports
from tenants.premises.rules.sheets import DEVICES
from tenants.premises.services import imports as device_imports

SLICE = 500
SHOWN = 50
LEFT_OUT = "-"


@dataclass(frozen=True)
class TableImport:
    """`check` writes nothing; `register` writes rows that are good, all or none, and returns how many."""

    name: str
    title: Any
    sheet: Sheet
    permission: Permission
    check: Callable[[Property, Rows], list[CheckedRow]]
    register: Callable[[Property, User, Rows], int]


def guess(sheet: Sheet, header: Sequence[str], remembered: Mapping[str, str]) -> tuple[list[str], bool]:
    """Return for each column its fact, LEFT_OUT for none, and whether every one of them was known for sure.

    What the member said of a column of this name last time counts before the names that we know, and a name that
    only holds one of ours ("业主姓名") is a guess. No fact stands in two columns.
    """
    known = {plain(text): fact for fact, texts in sheet.columns.items() for text in (*texts, fact)}
    passed = {plain(text) for texts in sheet.only_exported.values() for text in texts}
    found: list[str] = [LEFT_OUT] * len(header)
    sure = [False] * len(header)
    for place, name in enumerate(plain(text) for text in header):
        fact = remembered.get(name, known.get(name, LEFT_OUT))
        is_free = fact in sheet.columns and fact not in found
        found[place] = fact if is_free else LEFT_OUT
        sure[place] = is_free or name in passed or remembered.get(name) == LEFT_OUT
    for place, name in enumerate(plain(text) for text in header):
        if not sure[place]:
            found[place] = next(
                (f for word, f in known.items() if len(word) > 1 and word in name and f not in found), LEFT_OUT
            )
    return found, all(sure) and not missing(sheet, found)


def missing(sheet: Sheet, mapping: Sequence[str]) -> list[str]:
    """Return the facts that a row needs and no column gives."""
    return [fact for fact in sheet.needed if fact not in mapping]


def rows_of(lines: Sequence[Sequence[str]], mapping: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows as a check wants them. The first cell of a line is its number in the file."""
    return [
        (int(number), {fact: cell for fact, cell in zip(mapping, cells, strict=False) if fact != LEFT_OUT})
        for number, *cells in lines
    ]


def run(order: Order) -> Result:
    """Register a long table in slices, each whole or not at all. A row not in order is left, with the reason."""
    one = IMPORTS[order.asked["table"]]
    rows = [(number, cells) for number, cells in order.asked["rows"]]
    said: dict[str, Any] = {"changed": 0, "left": [], "left_count": 0} | order.said
    order.step(order.done, total=len(rows))
    for begin in range(order.done, len(rows), SLICE):
        some = rows[begin : begin + SLICE]
        with tenant_context(order.tenant.pk):
            checked = one.check(order.tenant, some)
            good = [(row.number, row.cells) for row in checked if row.is_good]
            said["changed"] += one.register(order.tenant, order.actor, good) if good else 0
            bad = [row for row in checked if not row.is_good]
            said["left_count"] += len(bad)
            said["left"] = [*said["left"], *(_said(one.sheet, row) for row in bad)][:SHOWN]
            order.step(begin + len(some), said=said)  # stands or falls with the slice
    return Result(said=said)


def _said(sheet: Sheet, row: CheckedRow) -> tuple[str, str]:
    """Say which row and which column, and why where the sentence is ours alone.

    What was filled into a sentence may come from the table. This is kept for a month, also when a person of the table
    is erased meanwhile (PIPL 47).
    """
    fact, sentence = row.errors[0]
    why = sentence if isinstance(sentence, Promise) else _("not in order")
    names = {**sheet.columns, **sheet.only_exported}
    field = called(names[fact]) if fact in names else fact
    return _("line %(number)s") % {"number": row.number}, _("%(field)s: %(value)s") % {"field": field, "value": why}


def _devices(tenant: Property, _actor: User, rows: Rows) -> int:
    return len(device_imports.import_devices(tenant=tenant, rows=rows))


IMPORTS = {
    one.name: one
    for one in (
        TableImport(
            name="people",
            title=PEOPLE_LIST.title,
            sheet=PEOPLE,
            permission=Permission.MANAGE_PEOPLE,
            check=lambda tenant, rows: people_imports.check_people(tenant=tenant, rows=rows),
            register=lambda tenant, actor, rows: people_imports.import_people(tenant=tenant, actor=actor, rows=rows),
        ),
        TableImport(
            name="devices",
            title=DEVICE_LIST.title,
            sheet=DEVICES,
            permission=Permission.MANAGE_PREMISES,
            check=lambda tenant, rows: device_imports.check_devices(tenant=tenant, rows=rows),
            register=_devices,
        ),
    )
}


def register() -> None:
    for one in IMPORTS.values():
        title = format_lazy("{what}: {list}", what=gettext_lazy("Table taken in"), list=one.title)
        work = Work(title=title, permission=one.permission, run=run, page=one.name, resumes=True)
        runners.register(JobKind.IMPORT, one.name, work)
