"""The ledger of erasures beside the database: written after each order's commit, asked at each door.

A database restored from a backup does not know the erasures ordered since. The ledger does, so a face that it names
is used only where the database knows every erasure that it names (docs/decisions/0016-a-ledger-of-erasures.md).
"""

import logging
import threading
import uuid
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Protocol

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from tenants.organizations.scoping import tenant_context
from tenants.rights.ledger_file import Entry, Fault, Order
from tenants.rights.ledger_index import short
from tenants.rights.models import Erasure

logger = logging.getLogger(__name__)
CHUNK = 1000
_NUMBER = """UPDATE rights_erasure SET ledger_number = given.number
    FROM unnest(%s::uuid[], %s::bigint[]) AS given(id, number) WHERE rights_erasure.id = given.id"""


class Ledger(Protocol):
    """Another store than a file may be set in LEDGER. All of these raise OSError when it cannot be reached."""

    def append(self, orders: Sequence[Order], *, above: int = 0) -> dict[uuid.UUID, int]:
        """Keep the orders that are not in it yet, for good; return each one's number, greater than `above`."""

    def erasures_of(self, person: uuid.UUID) -> Sequence[int]:
        """Return the `short` ids of a person's erasures, in microseconds: a door waits for it."""

    def last_number(self) -> int:
        """Return the highest number given, 0 for none."""

    def entries(self, *, after: int = 0) -> Iterator[Entry]:
        """Give the entries with a greater number, in their order."""

    def faults(self) -> list[Fault]:
        """Return what is not as it was written."""


def ledger() -> Ledger:
    """Return the ledger of this installation; one object for each process."""
    return _made(settings.LEDGER, settings.LEDGER_DIR)


@cache
def _made(path: str, folder: object) -> Ledger:
    made: Ledger = import_string(path)(folder)
    return made


# -- At the doors ------------------------------------------------------------------------------------
def is_forgotten(person_id: uuid.UUID) -> bool:
    """Say whether the database has forgotten an erasure of this person: then no door may use the face.

    In the person's tenant context. No query for somebody who was never erased. A ledger that cannot be read counts
    as one that names everybody.
    """
    return bool(forgotten([person_id]))


def forgotten(people: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return those of one property's people who were erased in a time that this database has forgotten."""
    try:
        named = {person: erasures for person in people if (erasures := ledger().erasures_of(person))}
    except OSError:
        logger.exception("The ledger of erasures cannot be read. Until it can, no face opens a door.")
        return set(people)
    if not named:
        return set()
    rows = Erasure.objects.filter(person__in=list(named)).values_list("pk", flat=True)
    known = {short(erasure) for erasure in rows}
    return {person for person, erasures in named.items() if not known.issuperset(erasures)}


def is_behind() -> bool:
    """Say whether the database is older than the ledger. One query; two while an order is being written down."""
    try:
        reached = reached_number()
        if ledger().last_number() <= reached:
            return False
        some = [entry.order.erasure for entry in islice(ledger().entries(after=reached), CHUNK)]
    except OSError:
        logger.exception("The ledger of erasures cannot be read.")
        return True
    return bool(unknown(some))


def reached_number() -> int:
    """Return the number up to which this database knows every erasure of the ledger, in every property."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT consentry_ledger_reached()")
        return int(cursor.fetchone()[0])


def unknown(erasures: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Return those ids that are no erasure of any property in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT consentry_erasures_unknown(%s)", [list(erasures)])
        return {row[0] for row in cursor.fetchall()}


# -- Writing it down ---------------------------------------------------------------------------------
class _Batch(threading.local):
    """The properties of which this thread has written the orders down since its last commit."""

    def __init__(self) -> None:
        self.done: set[uuid.UUID] = set()
        self.has_run = False


_batch = _Batch()


def note(erasure: Erasure) -> None:
    """Have a new order written into the ledger as soon as it is committed; many in one transaction at once.

    What fails then, or dies between commit and line, is found by the sweep: its `ledger_number` is empty.
    """
    if _batch.has_run:  # a commit has passed since
        _batch.done, _batch.has_run = set(), False
    tenant_id = erasure.tenant_id

    def write() -> None:
        _batch.has_run = True
        if tenant_id not in _batch.done:
            _batch.done.add(tenant_id)
            record(tenant_id=tenant_id)

    transaction.on_commit(write, robust=True)


def record(*, tenant_id: uuid.UUID) -> int:
    """Write the committed orders of a property that have no number into the ledger; return how many.

    Idempotent: an erasure has one line and one number, also when two do this at once or one dies in between. While
    the database is older than the ledger nothing is written: numbers would hide what is to be replayed.
    """
    if is_behind():
        logger.warning("The database is older than the ledger of erasures; property %s waits.", tenant_id)
        return 0
    count = 0
    while done := _record_some(tenant_id):
        count += done
    return count


def _record_some(tenant_id: uuid.UUID) -> int:
    with tenant_context(tenant_id):
        rows = Erasure.objects.filter(tenant=tenant_id, ledger_number__isnull=True).order_by("ordered_at", "pk")
        found = list(rows.select_for_update(skip_locked=True, of=("self",), no_key=True)[:CHUNK])
        if not found:
            return 0
        numbers = ledger().append([order_of(erasure) for erasure in found], above=reached_number())
        with connection.cursor() as cursor:
            cursor.execute(_NUMBER, [list(numbers), list(numbers.values())])
        return len(found)


def order_of(erasure: Erasure) -> Order:
    return Order(erasure.pk, erasure.tenant_id, erasure.person_id, erasure.scope, erasure.reason, erasure.ordered_at)


def waiting() -> list[uuid.UUID]:
    """Return the properties with orders that are not in the ledger yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT consentry_waiting_for_the_ledger()")
        return [row[0] for row in cursor.fetchall()]
