"""What the workers do for erasure. Every job may run twice without harm."""

import logging
import uuid

from django.db import transaction
from django.utils import timezone

from tenants.clearance import evidence
from tenants.clearance.services import check_person
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import ConsentStatus, FaceState
from tenants.people.models import Guardian, Person
from tenants.people.services.consents import consent_statuses
from tenants.people.services.persons import lock_together, move_face
from tenants.rights import stores, tasks
from tenants.rights.kinds import ErasureScope
from tenants.rights.models import Erasure, ErasureReceipt
from tenants.rights.services import certificates, holds

logger = logging.getLogger(__name__)


def erase(*, tenant_id: uuid.UUID, erasure_id: uuid.UUID, runs_as: stores.RunsAs) -> None:
    """Empty the stores that this database role may empty, write their receipts, and close when all are in.

    A store that fails keeps no other from its turn; it is asked again by the sweep. What a legal hold keeps is left,
    and the receipt says how much that is (PIPL 47): never anything of a face.
    """
    with tenant_context(tenant_id):
        erasure = _locked(erasure_id, runs_as)
        if erasure.completed_at is not None:
            return
        wanted = stores.stores_for(erasure.scope)
        done = set(ErasureReceipt.objects.filter(erasure=erasure).values_list("store", flat=True))
        for store in wanted:
            if store.runs_as == runs_as and store.name not in done:
                try:
                    with transaction.atomic():
                        if _empty(store, erasure):
                            done.add(store.name)
                except Exception:
                    logger.exception("The store %s could not be emptied for erasure %s.", store.name, erasure_id)
        if {store.name for store in wanted} <= done:
            _complete(erasure)


def _locked(erasure_id: uuid.UUID, runs_as: stores.RunsAs) -> Erasure:
    """Lock the persons, then the order, as whoever orders does: two that need both wait in turn."""
    whose = Erasure.objects.values_list("person_id", flat=True).get(pk=erasure_id)
    people = {whose}
    if runs_as == "web":
        # With a guardian's record their part for the children ends.
        people |= set(Guardian.objects.filter(guardian=whose, ended_at=None).values_list("child_id", flat=True))
    lock_together(people)
    return Erasure.objects.select_for_update(of=("self",)).select_related("person").get(pk=erasure_id)


def certify(*, tenant_id: uuid.UUID, erasure_id: uuid.UUID) -> None:
    """Issue the certificate of an erasure that is complete, once. Runs as the web role."""
    with tenant_context(tenant_id):
        certificates.issue(erasure_id=erasure_id)


def _empty(store: stores.PersonalDataStore, erasure: Erasure) -> bool:
    """Empty one store and write its receipt; return whether it has said its last."""
    is_held = holds.is_held(store=store.name, person=erasure.person)
    erased = 0 if is_held else store.erase(erasure.person)
    remaining = store.count(erasure.person)
    if remaining and not is_held:
        return False
    ErasureReceipt(
        tenant_id=erasure.tenant_id,
        erasure=erasure,
        store=store.name,
        erased=erased,
        remaining=remaining,
        at=timezone.now(),
    ).save()
    return True


def _complete(erasure: Erasure) -> None:
    erasure.completed_at = timezone.now()
    erasure.has_held = ErasureReceipt.objects.filter(erasure=erasure, remaining__gt=0).exists()
    erasure.save()
    person = Person.objects.select_for_update().get(pk=erasure.person_id)
    if erasure.scope == ErasureScope.PERSON:
        person.erased_at = person.erased_at or erasure.completed_at
        person.save()
    # While another order is under way the face is not let back in: its stores are still being emptied.
    if not Erasure.objects.filter(person=person, completed_at__isnull=True).exists():
        person = move_face(person=person, target=FaceState.ERASED)
        if all(status == ConsentStatus.AGREED for status in consent_statuses(person).values()):
            # Agreed anew while the old face was being erased: the next one may begin.
            person = move_face(person=person, target=FaceState.CONSENTED)
        evidence.keep(subject=person, checks=check_person(person))
    tasks.send_certify(erasure)
