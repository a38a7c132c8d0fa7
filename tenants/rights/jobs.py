"""What the workers do for erasure and retention. Every job may run twice without harm."""

import logging
import uuid
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from tenants.clearance import evidence
from tenants.clearance.services import check_person, faces_to_erase
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import ConsentStatus, FaceState
from tenants.people.models import Person
from tenants.people.services.consents import consent_statuses
from tenants.people.services.persons import advance_bands, move_face
from tenants.rights import stores, tasks
from tenants.rights.kinds import ErasureReason, ErasureScope
from tenants.rights.models import Erasure, ErasureReceipt
from tenants.rights.services.erasures import order_erasure

logger = logging.getLogger(__name__)


def erase(*, tenant_id: uuid.UUID, erasure_id: uuid.UUID, runs_as: stores.RunsAs) -> None:
    """Empty the stores that this database role may empty, write their receipts, and close when all are in."""
    with tenant_context(tenant_id):
        erasure = Erasure.objects.select_for_update(of=("self",)).select_related("person").get(pk=erasure_id)
        if erasure.completed_at is not None:
            return
        wanted = stores.stores_for(erasure.scope)
        done = set(ErasureReceipt.objects.filter(erasure=erasure).values_list("store", flat=True))
        for store in wanted:
            if store.runs_as == runs_as and store.name not in done:
                erased = store.erase(erasure.person)
                remaining = store.count(erasure.person)
                if remaining == 0:
                    done.add(store.name)
                    ErasureReceipt(
                        tenant_id=tenant_id,
                        erasure=erasure,
                        store=store.name,
                        erased=erased,
                        remaining=remaining,
                        at=timezone.now(),
                    ).save()
        if {store.name for store in wanted} <= done:
            _complete(erasure)


def _complete(erasure: Erasure) -> None:
    erasure.completed_at = timezone.now()
    erasure.save()
    person = Person.objects.select_for_update().get(pk=erasure.person_id)
    if erasure.scope == ErasureScope.PERSON:
        person.erased_at = erasure.completed_at
        person.save()
    # While another order is under way the face is not let back in: its stores are still being emptied.
    if not Erasure.objects.filter(person=person, completed_at__isnull=True).exists():
        person = move_face(person=person, target=FaceState.ERASED)
        if all(status == ConsentStatus.AGREED for status in consent_statuses(person).values()):
            # Agreed anew while the old face was being erased: the next one may begin.
            person = move_face(person=person, target=FaceState.CONSENTED)
        evidence.keep(subject=person, checks=check_person(person))


def sweep_retention() -> int:
    """Order the erasure of every face past its date, in every property; return how many.

    One property's failure does not keep the next from its sweep: each has its own transaction.
    """
    ordered = 0
    for tenant in Property.objects.select_related("handler").order_by("pk"):
        try:
            ordered += sweep_tenant(tenant)
        except Exception:
            logger.exception("The retention sweep of property %s failed.", tenant.pk)
    return ordered


def sweep_tenant(tenant: Property) -> int:
    """Sweep one property: faces past their end, events past their clock, erasures left behind by a queue."""
    today = timezone.localdate()
    with tenant_context(tenant.pk):
        advance_bands(tenant=tenant)
        living = Person.objects.filter(
            tenant=tenant,
            face_state__in=[FaceState.CAPTURED, FaceState.ENROLLED, FaceState.SUSPENDED, FaceState.CONSENTED],
        )
        over = Q(stay_ends_on__lt=today) | Q(face_enrolled_on__lt=today - timedelta(days=tenant.face_days))
        due = list(living.filter(over).select_for_update(skip_locked=True))
        for person in due:
            ended = person.stay_ends_on is not None and person.stay_ends_on < today
            reason = ErasureReason.STAY_ENDED if ended else ErasureReason.RETENTION
            order_erasure(tenant=tenant, person=person, reason=reason)
        waiting = [person.pk for person, _why in faces_to_erase(tenant)]
        locked = list(Person.objects.filter(pk__in=waiting).order_by("pk").select_for_update(skip_locked=True))
        # Judged once more under the lock: somebody may have answered since.
        for person, why in faces_to_erase(tenant, among=Person.objects.filter(pk__in=[row.pk for row in locked])):
            order_erasure(tenant=tenant, person=person, reason=ErasureReason(why.value))
            due.append(person)
        stores.expire_all(tenant=tenant)
        for erasure in Erasure.objects.filter(
            tenant=tenant,
            completed_at__isnull=True,
            ordered_at__lt=timezone.now() - timedelta(seconds=settings.ERASURE_RESEND_SECONDS),
        ):
            tasks.send_erase(erasure)
    return len(due)
