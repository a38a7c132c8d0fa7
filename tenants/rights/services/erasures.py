"""Order an erasure. From its commit no door may match the face."""

from django.db import transaction
from django.utils import timezone

from tenants.clearance import evidence
from tenants.clearance.services import check_person
from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.people.services.persons import move_face
from tenants.rights import stores, tasks
from tenants.rights.kinds import ErasureReason, ErasureScope
from tenants.rights.models import Erasure, RightsRequest


@transaction.atomic
def order_erasure(
    *,
    tenant: Property,
    person: Person,
    reason: ErasureReason | str,
    scope: ErasureScope | str = ErasureScope.FACE,
    request: RightsRequest | None = None,
) -> Erasure:
    """Destroy the person's key, move the gallery on, and write the order, in one transaction (PIPL 47).

    The stores are emptied afterwards by the workers, each with a receipt. Ordering twice returns the
    order under way when it reaches as far.
    """
    require_same_tenant(tenant, person, request)
    person = Person.objects.select_for_update().get(pk=person.pk)
    under_way = Erasure.objects.filter(person=person, completed_at__isnull=True).first()
    if under_way is not None and under_way.scope in {scope, ErasureScope.PERSON}:
        return under_way
    erasure = Erasure(
        tenant=tenant,
        person=person,
        reason=ErasureReason(reason),
        scope=ErasureScope(scope),
        request=request,
        ordered_at=timezone.now(),
        keys_destroyed=stores.revoke_all(person=person),
    )
    erasure.save()
    person = move_face(person=person, target=FaceState.ERASING)
    # Whoever asks about this day is told when the gate said no, and not only that it had said yes before.
    evidence.keep(subject=person, checks=check_person(person))
    tasks.send_erase(erasure)
    return erasure


def preview(
    *, person: Person, scope: ErasureScope | str = ErasureScope.PERSON
) -> list[tuple[stores.PersonalDataStore, int | None]]:
    """Return what an erasure of this scope would take, store by store, before it runs.

    None for a store that only the recognition role can look into: the doors run as the web role, which
    PostgreSQL refuses there.
    """
    return [(store, store.count(person) if store.runs_as == "web" else None) for store in stores.stores_for(scope)]
