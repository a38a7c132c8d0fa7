"""Order an erasure. From its commit no door may match the face."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise

from tenants.clearance import evidence
from tenants.clearance.services import check_person
from tenants.organizations.models import Property, User
from tenants.organizations.scoping import require_same_tenant
from tenants.people.kinds import FaceState
from tenants.people.models import Consent, Person
from tenants.people.services.persons import move_face
from tenants.rights import ledger, stores, tasks
from tenants.rights.kinds import ErasureReason, ErasureScope, HoldKind
from tenants.rights.models import Erasure, RightsRequest
from tenants.rights.rules.erasing import kept_until
from tenants.rights.services import holds

# A property with more open orders than this waits for its turn in the sweep, so that its messages are not before
# everybody else's in the queue.
SLICE = 500


@transaction.atomic
def order_erasure(
    *,
    tenant: Property,
    person: Person,
    reason: ErasureReason | str,
    scope: ErasureScope | str = ErasureScope.FACE,
    request: RightsRequest | None = None,
    approved_by: User | None = None,
) -> Erasure:
    """Destroy the person's key, move the gallery on, and write the order, in one transaction (PIPL 47).

    The stores are emptied afterwards by the workers, each with a receipt. Ordering twice returns the order under way
    when it reaches as far, and of somebody erased already the order that did it. `approved_by` answered the request;
    whoever withdrew needs nobody's approval.
    """
    require_same_tenant(tenant, person, request)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if known := _reaches_as_far(person, scope):
        return _of_request(known, request, approved_by)
    now = timezone.now()
    erasure = Erasure(
        tenant=tenant,
        person=person,
        reason=ErasureReason(reason),
        scope=ErasureScope(scope),
        request=request,
        approved_by=approved_by,
        ordered_at=now,
        next_try_at=now + timedelta(seconds=settings.ERASURE_RESEND_SECONDS),
        keys_destroyed=stores.revoke_all(person=person),
    )
    erasure.save()
    person = move_face(person=person, target=FaceState.ERASING)
    # Whoever asks about this day is told when the gate said no, and not only that it had said yes before.
    evidence.keep(subject=person, checks=check_person(person))
    ledger.note(erasure)
    if _open_orders(tenant) <= SLICE:
        tasks.send_erase(erasure)
    return erasure


def _reaches_as_far(person: Person, scope: ErasureScope | str) -> Erasure | None:
    """Return the order that makes another one needless, if there is one. What was held is ordered anew."""
    rows = Erasure.objects.filter(person=person)
    under_way = rows.filter(completed_at__isnull=True, scope__in={scope, ErasureScope.PERSON}).first()
    if under_way is not None or person.erased_at is None or person.face_state != FaceState.ERASED:
        return under_way
    return rows.filter(scope=ErasureScope.PERSON, completed_at__isnull=False, has_held=False).first()


def _of_request(erasure: Erasure, request: RightsRequest | None, approved_by: User | None) -> Erasure:
    """Let an order under way answer a request as well, so that its end is told to whoever asked."""
    if request is not None and erasure.request_id is None and erasure.completed_at is None:
        erasure.request, erasure.approved_by = request, approved_by
        erasure.save(update_fields=["request", "approved_by"])
    return erasure


def _open_orders(tenant: Property) -> int:
    """Count the open orders of a property, no further than it matters."""
    return Erasure.objects.filter(tenant=tenant, completed_at__isnull=True).order_by()[: SLICE + 1].count()


@dataclass(frozen=True)
class Line:
    """What one store has. `count` is None where only the recognition role can look: the doors run as the web role."""

    name: str
    label: str | Promise
    count: int | None
    until: date | None = None
    article: str = ""


@dataclass(frozen=True)
class Preview:
    """What an erasure would do, before it runs: erase, keep as evidence until a day, leave to a legal hold."""

    erase: list[Line] = field(default_factory=list)
    kept: list[Line] = field(default_factory=list)
    held: list[Line] = field(default_factory=list)


def preview(*, person: Person, scope: ErasureScope | str = ErasureScope.PERSON) -> Preview:
    """Return what an erasure of this scope would take, keep and leave, store by store. A constant number of queries."""
    found = Preview()
    until = kept_until(timezone.localdate())
    standing = {hold.kind: hold for hold in holds.standing(person=person, tenant=person.tenant_id)}
    for store in stores.stores_for(scope):
        kind = holds.STORES.get(store.name)
        if store.name == "evidence":
            found.kept.append(Line(store.name, store.label, _evidence(person), until))
        elif kind in standing:
            hold = standing[HoldKind(kind)]
            found.held.append(Line(store.name, store.label, store.count(person), hold.ends_on, hold.article))
        else:
            found.erase.append(Line(store.name, store.label, store.count(person) if store.runs_as == "web" else None))
    return found


def _evidence(person: Person) -> int:
    """Count what stays for its years: the answers given and the erasures, without a name or a face."""
    return Consent.objects.filter(person=person).count() + Erasure.objects.filter(person=person).count()
