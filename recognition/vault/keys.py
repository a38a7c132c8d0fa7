"""Make, open and destroy keys: master → handler → person."""

import uuid

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from recognition.vault import envelope
from recognition.vault.envelope import KeyDestroyed
from recognition.vault.master import provider
from recognition.vault.models import GalleryEpoch, HandlerKey, PersonKey
from tenants.organizations.models import Handler
from tenants.people.models import Person


def _handler_aad(handler: Handler) -> bytes:
    return envelope.context("handler-key", handler.pk)


def _person_aad(key: PersonKey) -> bytes:
    return envelope.context("person-key", key.tenant_id, key.person_id, key.pk)


@transaction.atomic
def handler_key(handler: Handler) -> bytes:
    """Return the handler's key in clear, making it the first time. Recognition role only."""
    row = HandlerKey.objects.filter(handler=handler).first()
    if row is None:
        key = envelope.new_key()
        wrapped = envelope.seal(provider().master_key(), key, aad=_handler_aad(handler))
        row, made = HandlerKey.objects.get_or_create(handler=handler, defaults={"wrapped": wrapped})
        if made:
            return key
    return envelope.unseal(provider().master_key(), bytes(row.wrapped), aad=_handler_aad(handler))


@transaction.atomic
def person_key(person: Person) -> tuple[PersonKey, bytes]:
    """Return the person's living key, row and bytes, making it the first time. Recognition role only."""
    wrapping = handler_key(person.tenant.handler)
    row = PersonKey.objects.filter(person=person, destroyed_at__isnull=True).first()
    if row is None:
        key = envelope.new_key()
        row = PersonKey(tenant_id=person.tenant_id, person=person)
        row.wrapped = envelope.seal(wrapping, key, aad=_person_aad(row))
        row.save()
        return row, key
    return row, open_person_key(row, wrapping)


def open_person_key(row: PersonKey, wrapping: bytes) -> bytes:
    """Return a person's key in clear. Raises KeyDestroyed after destruction, Unreadable with another wrapping key."""
    if row.destroyed_at is not None or row.wrapped is None:
        raise KeyDestroyed("This person's key was destroyed; what it sealed can never be opened again.")
    return envelope.unseal(wrapping, bytes(row.wrapped), aad=_person_aad(row))


def destroy_person_key(*, person: Person) -> int:
    """Destroy the person's living key and move the gallery on, in the caller's transaction.

    The web role may do this without being able to read a key. The evidence is the erasure order,
    which is why the rows are written without the audit log. Returns how many keys were destroyed.
    """
    with transaction.atomic():
        destroyed = PersonKey.objects.filter(person=person, destroyed_at__isnull=True).update(
            wrapped=None, destroyed_at=timezone.now()
        )
        advance_epoch(tenant_id=person.tenant_id)
        return destroyed


def advance_epoch(*, tenant_id: uuid.UUID) -> None:
    """Make every worker reload this property's gallery before its next match."""
    GalleryEpoch.objects.get_or_create(tenant_id=tenant_id)
    GalleryEpoch.objects.filter(tenant_id=tenant_id).update(epoch=F("epoch") + 1)
