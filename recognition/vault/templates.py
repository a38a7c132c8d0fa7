"""Keep and open a person's templates. Only the recognition role can: the web role has no right to the table."""

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from recognition.vault import envelope
from recognition.vault.keys import advance_epoch, open_handler_key, open_person_key, person_key
from recognition.vault.models import FaceTemplate
from tenants.people.models import Person

MOST = 3  # templates of one person; in a match the best one counts


class AnotherPerson(Exception):
    """The photo resembles none of the templates that this person has: it is probably somebody else's."""


def template_aad(
    tenant_id: object, person_id: object, key_id: object, model_version: str, template_id: object
) -> bytes:
    """What a sealed template is bound to: copied to another person, key, model or row it is only noise."""
    return envelope.context("template", tenant_id, person_id, key_id, model_version, template_id)


def _aad(template: FaceTemplate) -> bytes:
    return template_aad(template.tenant_id, template.person_id, template.key_id, template.model_version, template.pk)


@transaction.atomic
def keep(
    *, person: Person, embedding: NDArray[np.float32], model_version: str, threshold: float | None = None
) -> FaceTemplate:
    """Seal one more embedding, shape (dimension,), float32, length 1, as a template of this person.

    The oldest beyond three goes, and every one of another model version: people enrol again for a new model,
    and no photo was kept to migrate them. With a threshold it raises AnotherPerson when it is less similar than
    that to each template the person has. ValueError for something that is no embedding.
    """
    row = np.ascontiguousarray(embedding, dtype="<f4")
    if row.ndim != 1 or not abs(float(np.linalg.norm(row)) - 1.0) < 1e-3:
        raise ValueError("An embedding has one dimension and length 1.")
    FaceTemplate.objects.filter(person=person).exclude(model_version=model_version).delete()
    own, rows = _opened(person)
    # The same numbers twice say nothing new: the newer row takes the older one's place.
    twins = [template for template, kept in zip(own, rows, strict=True) if np.array_equal(kept, row)]
    if threshold is not None and own and not float((rows @ row).max()) >= threshold:
        raise AnotherPerson
    surplus = [template for template in own if template not in twins][MOST - 1 :]
    FaceTemplate.objects.filter(pk__in=[template.pk for template in twins + surplus]).delete()
    key_row, key = person_key(person)
    made = FaceTemplate(tenant_id=person.tenant_id, person=person, key=key_row, model_version=model_version)
    made.sealed = envelope.seal(key, row.tobytes(), aad=_aad(made))
    made.save()
    advance_epoch(tenant_id=person.tenant_id)
    return made


def open_person(person: Person) -> tuple[str, NDArray[np.float32]]:
    """Return the model version and rows, shape (n, dimension) with n at most 3, of one person, the newest first.

    A person without a living template gives an empty version and no rows. Raises Unreadable.
    """
    own, rows = _opened(person)
    return (own[0].model_version if own else ""), rows


def _opened(person: Person) -> tuple[list[FaceTemplate], NDArray[np.float32]]:
    living = FaceTemplate.objects.filter(person=person, key__destroyed_at__isnull=True)
    own = list(living.select_related("key__handler_key").order_by("-created_at", "pk"))
    opened = [open_template(template, open_handler_key(template.key.handler_key)) for template in own]
    return own, np.stack(opened) if opened else np.empty((0, 0), dtype=np.float32)


def open_template(template: FaceTemplate, wrapping: bytes) -> NDArray[np.float32]:
    """Return the embedding. Raises KeyDestroyed or Unreadable."""
    key = open_person_key(template.key, wrapping)
    return np.frombuffer(envelope.unseal(key, bytes(template.sealed), aad=_aad(template)), dtype="<f4").astype(
        np.float32
    )
