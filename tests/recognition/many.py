"""Thousands of enrolled people in a second: rows as the services would leave them, written in bulk by the owner."""

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from recognition.vault import envelope, keys, templates
from recognition.vault.models import FaceTemplate, PersonKey
from tenants.organizations.models import Property
from tenants.people.kinds import AgeBand, FaceState
from tenants.people.models import Person

BATCH = 2000


def make_rows(count: int, *, dimension: int = 128, seed: int = 7) -> NDArray[np.float32]:
    """Random directions, shape (count, dimension), float32, each of length 1."""
    rows = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def make_many_faces(tenant: Property, rows: NDArray[np.float32], *, model_version: str = "fake-1") -> list[Person]:
    """Enrol one person for each row of a property, whose context is entered; call it as the owner of the database."""
    today = timezone.localdate()
    enrolled = {"face_state": FaceState.ENROLLED, "face_stored": tenant.storage_mode, "face_enrolled_on": today}
    people = [Person(tenant=tenant, age_band=AgeBand.ADULT, **enrolled) for _row in rows]
    Person.objects.bulk_create(people, batch_size=BATCH)
    under = keys.newest_handler_key(tenant.handler)
    wrapping = keys.open_handler_key(under)
    own_keys, kept = [], []
    for person, row in zip(people, rows, strict=True):
        key = envelope.new_key()
        own = PersonKey(tenant=tenant, person=person)
        keys.wrap_person_key(own, key, under=under, wrapping=wrapping)
        template = FaceTemplate(tenant=tenant, person=person, key=own, model_version=model_version)
        template.sealed = envelope.seal(key, row.astype("<f4").tobytes(), aad=templates._aad(template))
        own_keys.append(own)
        kept.append(template)
    PersonKey.objects.bulk_create(own_keys, batch_size=BATCH)
    FaceTemplate.objects.bulk_create(kept, batch_size=BATCH)
    keys.advance_epoch(tenant_id=tenant.pk)
    return people
