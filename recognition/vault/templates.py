"""Keep and open templates. Only the recognition role can: the web role has no right to the table."""

import uuid
from collections.abc import Iterator

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from recognition.vault import envelope
from recognition.vault.keys import advance_epoch, handler_key, open_person_key, person_key
from recognition.vault.models import FaceTemplate
from tenants.organizations.models import Property
from tenants.people.models import Person


def _aad(template: FaceTemplate) -> bytes:
    return envelope.context(
        "template", template.tenant_id, template.person_id, template.key_id, template.model_version, template.pk
    )


@transaction.atomic
def keep(*, person: Person, embedding: NDArray[np.float32], model_version: str) -> FaceTemplate:
    """Seal one embedding, shape (dimension,), float32, length 1, as the person's only template."""
    FaceTemplate.objects.filter(person=person).delete()
    row, key = person_key(person)
    template = FaceTemplate(tenant_id=person.tenant_id, person=person, key=row, model_version=model_version)
    template.sealed = envelope.seal(key, np.asarray(embedding, dtype="<f4").tobytes(), aad=_aad(template))
    template.save()
    advance_epoch(tenant_id=person.tenant_id)
    return template


def open_template(template: FaceTemplate, wrapping: bytes) -> NDArray[np.float32]:
    """Return the embedding. Raises KeyDestroyed or Unreadable."""
    key = open_person_key(template.key, wrapping)
    return np.frombuffer(envelope.unseal(key, bytes(template.sealed), aad=_aad(template)), dtype="<f4").astype(
        np.float32
    )


def open_gallery(tenant: Property, *, model_version: str) -> Iterator[tuple[uuid.UUID, NDArray[np.float32]]]:
    """Yield (person id, embedding) for every living template of one property and model version. Two queries."""
    wrapping = handler_key(tenant.handler)
    rows = FaceTemplate.objects.filter(
        tenant=tenant, model_version=model_version, key__destroyed_at__isnull=True
    ).select_related("key")
    for template in rows.iterator(chunk_size=2000):
        yield template.person_id, open_template(template, wrapping)
