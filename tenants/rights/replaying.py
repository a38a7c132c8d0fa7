"""After a restore: order again what the ledger knows and the database has forgotten (PIPL 47)."""

import logging
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import Enum
from itertools import islice

from django.db import transaction
from django.utils import timezone

from tenants.clearance import evidence
from tenants.clearance.services import check_person
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import ConsentDecision, FaceState, GivenBy, WithdrawnBy
from tenants.people.models import Consent, Person
from tenants.people.services.persons import move_face
from tenants.rights import ledger, stores, tasks
from tenants.rights.kinds import ErasureReason
from tenants.rights.ledger_file import Entry
from tenants.rights.models import Erasure, LedgerReplay

logger = logging.getLogger(__name__)


class Outcome(Enum):
    ORDERED = "ordered"
    KNOWN = "known"
    GONE = "gone"
    FAILED = "failed"


@dataclass
class Replay:
    """How many entries were ordered again, were known, name nobody in this database, or failed."""

    ordered: int = 0
    known: int = 0
    gone: int = 0
    failed: int = 0
    reached: int = 0

    def count(self, outcome: Outcome) -> None:
        setattr(self, outcome.value, getattr(self, outcome.value) + 1)

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def replay() -> Replay:
    """Order every erasure of the ledger again that the database does not know, with its id, date and reason.

    Runs as the web role, which may destroy keys that it cannot read. Each order is a transaction of its own, so it may
    be killed and run again, and one that fails keeps nobody else's from running: it is tried again the next time, and
    until then the door refuses that face. Raises OSError when the ledger cannot be read.
    """
    done = Replay(reached=ledger.reached_number())
    last = ledger.ledger().last_number()
    for chunk in _chunks(done.reached):
        unknown = ledger.unknown([entry.order.erasure for entry in chunk])
        for entry in chunk:
            done.count(_replayed(entry, done) if entry.order.erasure in unknown else Outcome.KNOWN)
    if not done.failed and last > done.reached:
        # Written even when nothing was missing: the last ones may name nobody in this database.
        with transaction.atomic():
            LedgerReplay(reached=last, ordered=done.ordered, gone=done.gone, replayed_at=timezone.now()).save()
        done.reached = last
    if done.ordered or done.gone:
        logger.warning("The ledger of erasures was replayed: %s.", done)
    return done


def catch_up() -> None:
    """What the sweep does: replay when the database is older than the ledger, then write down what waits."""
    if ledger.is_behind():
        replay()
    for tenant_id in ledger.waiting():
        try:
            ledger.record(tenant_id=tenant_id)
        except Exception:  # one property's failure does not keep the next from its turn
            logger.exception("The orders of property %s could not be written into the ledger.", tenant_id)


def lost(*, forget: bool = False) -> int:
    """Count the erasures that have a number and no line: somebody has lost or cut the ledger. Raises OSError.

    With `forget` they lose their numbers, so that `catch_up` writes them into it again under new ones, greater than all
    that were ever given: an older backup knows the old ones.
    """
    named = {entry.order.erasure for entry in ledger.ledger().entries()}
    if forget:
        with transaction.atomic():
            reached = ledger.reached_number()
            LedgerReplay(reached=reached, ordered=0, gone=0, replayed_at=timezone.now()).save()
    count = 0
    for tenant in Property.objects.order_by("pk"):
        with tenant_context(tenant.pk):
            rows = Erasure.objects.filter(tenant=tenant, ledger_number__isnull=False)
            missing = [pk for pk in rows.values_list("pk", flat=True).iterator() if pk not in named]
            count += len(missing)
            if forget:
                Erasure.objects.filter(pk__in=missing).update(ledger_number=None)
    return count


def _chunks(after: int) -> Iterator[list[Entry]]:
    entries = ledger.ledger().entries(after=after)
    while chunk := list(islice(entries, ledger.CHUNK)):
        yield chunk


def _replayed(entry: Entry, done: Replay) -> Outcome:
    try:
        # Behind one that failed nothing gets its number: the next replay begins where numbers end.
        return _order_again(entry, number=None if done.failed else entry.number)
    except Exception:
        logger.exception("Entry %d of the ledger could not be replayed.", entry.number)
        return Outcome.FAILED


def _order_again(entry: Entry, *, number: int | None) -> Outcome:
    order = entry.order
    with tenant_context(order.tenant):
        person = Person.objects.select_for_update().filter(pk=order.person, tenant=order.tenant).first()
        if person is None:
            return Outcome.GONE
        if Erasure.objects.filter(pk=order.erasure).exists():
            return Outcome.KNOWN  # by another replay at the same moment
        erasure = Erasure(
            pk=order.erasure,
            tenant_id=order.tenant,
            person=person,
            reason=order.reason,
            scope=order.scope,
            ordered_at=order.ordered_at,
            ledger_number=number,
            keys_destroyed=stores.revoke_all(person=person),
        )
        erasure.save(force_insert=True)
        if order.reason == ErasureReason.WITHDRAWN:
            _end_consents(person, entry)
        person = move_face(person=person, target=FaceState.ERASING)
        evidence.keep(subject=person, checks=check_person(person))
        tasks.send_erase(erasure)
        return Outcome.ORDERED


def _end_consents(person: Person, entry: Entry) -> None:
    """The backup holds the yes that was taken back since: it is withdrawn again, on the day that the ledger says.

    Also where the clock says it is newer: what a forgotten withdrawal ended must not let a face in. Who spoke is taken
    from who had agreed; the ledger names nobody.
    """
    rows = Consent.objects.select_for_update().filter(
        person=person, decision=ConsentDecision.AGREE, withdrawn_at__isnull=True
    )
    for consent in rows:
        consent.withdrawn_at = max(entry.order.ordered_at, consent.decided_at)
        consent.withdrawn_by = WithdrawnBy.GUARDIAN if consent.given_by == GivenBy.GUARDIAN else WithdrawnBy.PERSON
        consent.save(update_fields=["withdrawn_at", "withdrawn_by"])
