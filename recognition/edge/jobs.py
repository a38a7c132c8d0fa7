"""What the face worker does for terminals: open templates, seal them to each terminal's key, put them into its queue.

Every job may run twice without harm.
"""

import uuid
from collections.abc import Iterator

import numpy as np
from django.db.models import Exists, OuterRef
from numpy.typing import NDArray

from recognition.edge import sealing
from recognition.edge.models import DeviceKey
from recognition.edge.services import storing
from recognition.edge.services.storing import Sealed
from recognition.vault import loading, templates
from recognition.vault.models import FaceTemplate
from tenants.clearance.checks import blockers
from tenants.clearance.services import check_people
from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.rights.ledger import forgotten

CHUNK = 100


def seal_for_person(*, tenant_id: uuid.UUID, person_id: uuid.UUID, is_new: bool = False) -> int:
    """Seal one person's templates to every terminal that may have them; return how many orders went out.

    Without `is_new` only to those that do not hold them.
    """
    with tenant_context(tenant_id):
        tenant = _tenant(tenant_id)
        allowed = _allowed(tenant, [person_id])
        if not allowed:
            return 0
        [person] = allowed
        version, rows = templates.open_person(person)
        if not version:
            return 0
        keys = storing.takers(tenant=tenant, model_version=version)
        if not is_new:
            held = storing.holders(device_id=OuterRef("device"), model_version=version).filter(person=person)
            keys = keys.exclude(Exists(held))
        return storing.store(tenant=tenant, work=[_seal(key, person.pk, version, rows) for key in keys])


def seal_for_device(*, tenant_id: uuid.UUID, device_id: uuid.UUID) -> int:
    """Seal to one terminal everybody's templates that it does not hold, a hundred people at a time; return how many.

    Each hundred has its own transaction, so that nobody at a door or a page waits for the whole property.
    """
    with tenant_context(tenant_id):
        versions = _versions(tenant_id, device_id)
    count = 0
    for version in versions:
        after: uuid.UUID | None = uuid.UUID(int=0)
        while after is not None:
            with tenant_context(tenant_id):
                done, after = _seal_some(tenant_id, device_id, version, after=after)
            count += done
    return count


def _seal_some(
    tenant_id: uuid.UUID, device_id: uuid.UUID, version: str, *, after: uuid.UUID
) -> tuple[int, uuid.UUID | None]:
    tenant = _tenant(tenant_id)
    key = storing.takers(tenant=tenant, model_version=version).filter(device=device_id).first()
    if key is None:
        return 0, None
    ids = missing(tenant, device_id=device_id, version=version, after=after)
    people = [person.pk for person in _allowed(tenant, ids)]
    living = loading.living(tenant.pk, model_version=version).filter(person__in=people)
    opened = loading.load(tenant, model_version=version, only=[str(pk) for pk in living.values_list("pk", flat=True)])
    work = [_seal(key, person, version, rows) for person, rows in _by_person(opened)]
    return storing.store(tenant=tenant, work=work), ids[-1] if len(ids) == CHUNK else None


def missing(tenant: Property, *, device_id: uuid.UUID, version: str, after: uuid.UUID) -> list[uuid.UUID]:
    """Return the next people, by id, who have templates of this model that a terminal neither holds nor awaits."""
    held = storing.holders(device_id=device_id, model_version=version).filter(person=OuterRef("pk"))
    own = loading.living(tenant.pk, model_version=version).filter(person=OuterRef("pk"))
    rows = Person.objects.filter(tenant=tenant, face_state=FaceState.ENROLLED, face_stored=StorageMode.PORTAL)
    rows = rows.filter(Exists(own), ~Exists(held), pk__gt=after).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:CHUNK])


def _tenant(tenant_id: uuid.UUID) -> Property:
    return Property.objects.select_related("handler").get(pk=tenant_id)


def _versions(tenant_id: uuid.UUID, device_id: uuid.UUID) -> list[str]:
    """Return the models of the property's templates that this terminal can use."""
    key = storing.takers(tenant=_tenant(tenant_id)).filter(device=device_id).first()
    if key is None:
        return []
    rows = FaceTemplate.objects.filter(tenant=tenant_id, key__destroyed_at__isnull=True)
    kept = sorted(set(rows.values_list("model_version", flat=True).distinct().order_by()))
    said = storing.model_of(key)
    return [version for version in kept if said in ("", version)]


def _allowed(tenant: Property, ids: list[uuid.UUID]) -> list[Person]:
    """Lock these people and return those whose face may be used now; of others nothing is sealed."""
    if tenant.storage_mode != StorageMode.PORTAL or not ids:
        return []
    list(
        Person.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk")
    )
    ids = sorted(set(ids) - forgotten(ids))
    rows = Person.objects.filter(pk__in=ids, face_state=FaceState.ENROLLED, face_stored=StorageMode.PORTAL)
    return [person for person, checks in check_people(tenant=tenant, people=rows) if not blockers(checks)]


def _by_person(opened: loading.Opened) -> Iterator[tuple[uuid.UUID, NDArray[np.float32]]]:
    places: dict[str, list[int]] = {}
    for place, person_id in enumerate(opened.person_ids):
        places.setdefault(person_id, []).append(place)
    for person_id, own in places.items():
        yield uuid.UUID(person_id), opened.rows[own]


def _seal(key: DeviceKey, person_id: uuid.UUID, version: str, rows: NDArray[np.float32]) -> Sealed:
    bound = sealing.info(tenant_id=key.tenant_id, device_id=key.device_id, person_id=person_id, model_version=version)
    plain = np.ascontiguousarray(rows, dtype="<f4")
    sealed = sealing.seal(plain.tobytes(), sealing_key=bytes(key.sealing_key), info=bound)
    count, dimension = plain.shape
    return Sealed(key, person_id, version, dimension, count, sealed)
