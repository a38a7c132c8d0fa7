"""Make, open and destroy keys: master → handler → person."""

import uuid
from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from recognition.vault import envelope
from recognition.vault.envelope import KeyDestroyed, Unreadable
from recognition.vault.master import fingerprint, provider
from recognition.vault.models import GalleryEpoch, HandlerKey, PersonKey
from tenants.organizations.models import Handler, Property
from tenants.people.models import Person


def _handler_aad(handler_id: uuid.UUID) -> bytes:
    return envelope.context("handler-key", handler_id)


def person_aad(*, tenant_id: object, person_id: object, key_id: object) -> bytes:
    """What a person's wrapped key is bound to."""
    return envelope.context("person-key", tenant_id, person_id, key_id)


# -- The handler's key -------------------------------------------------------------------------------
def wrap_handler_key(row: HandlerKey, key: bytes) -> None:
    """Seal a handler's key into its row: under the next master key while there is one, else the master."""
    master = provider().next_master_key() or provider().master_key()
    row.wrapped, row.master = envelope.seal(master, key, aad=_handler_aad(row.handler_id)), fingerprint(master)


def open_handler_key(row: HandlerKey) -> bytes:
    """Return a handler's key in clear. Raises Unreadable when it is wrapped by a master key that this process lacks."""
    known = {fingerprint(key): key for key in (provider().next_master_key(), provider().master_key()) if key}
    # A row from before master keys had ids can only be under the one that was there.
    master = known.get(row.master) if row.master else provider().master_key()
    if master is None:
        raise Unreadable("This handler's key is wrapped by a master key that this process does not have.")
    return envelope.unseal(master, bytes(row.wrapped), aad=_handler_aad(row.handler_id))


def handler_keys(handler: Handler) -> dict[uuid.UUID, bytes]:
    """Return the handler's keys in clear by row id: one, or during a rotation two. Recognition role only."""
    return {row.pk: open_handler_key(row) for row in HandlerKey.objects.filter(handler=handler)}


@transaction.atomic
def newest_handler_key(handler: Handler, *, is_locked: bool = False) -> HandlerKey:
    """Return the key that wraps new keys of people, making it the first time.

    Locked, a rotation cannot retire it before the caller's transaction ends.
    """
    rows = HandlerKey.objects.filter(handler=handler).order_by("-generation")
    if is_locked:
        rows = rows.select_for_update(no_key=True)
    # Waiting for a rotation that retires the row shows none; the second look shows its successor.
    row = rows.first() or rows.first()
    if row is None:
        row = HandlerKey(handler=handler)
        wrap_handler_key(row, envelope.new_key())
        kept = {"wrapped": row.wrapped, "master": row.master}
        row, _made = HandlerKey.objects.get_or_create(handler=handler, generation=row.generation, defaults=kept)
    return row


def handler_key(handler: Handler) -> bytes:
    """Return the handler's newest key in clear, making it the first time. Recognition role only."""
    return open_handler_key(newest_handler_key(handler))


# -- The person's key --------------------------------------------------------------------------------
@transaction.atomic
def person_key(person: Person) -> tuple[PersonKey, bytes]:
    """Return the person's living key, row and bytes, making it the first time. Recognition role only."""
    handler = person.tenant.handler
    row = PersonKey.objects.filter(person=person, destroyed_at__isnull=True).select_related("handler_key").first()
    if row is not None:
        return row, open_person_key(row, open_handler_key(row.handler_key))
    wrapping = newest_handler_key(handler, is_locked=True)
    key = envelope.new_key()
    row = PersonKey(tenant_id=person.tenant_id, person=person)
    wrap_person_key(row, key, under=wrapping, wrapping=open_handler_key(wrapping))
    row.save()
    return row, key


def wrap_person_key(row: PersonKey, key: bytes | None, *, under: HandlerKey, wrapping: bytes) -> None:
    """Seal a person's key into its row, under a key of the handler; None for a destroyed one. Saves nothing."""
    row.handler_key = under
    row.wrapped = None if key is None else envelope.seal(wrapping, key, aad=_person_aad(row))


def _person_aad(row: PersonKey) -> bytes:
    return person_aad(tenant_id=row.tenant_id, person_id=row.person_id, key_id=row.pk)


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


def destroy_person_keys(*, tenant: Property, people: Sequence[Person]) -> dict[uuid.UUID, int]:
    """Destroy the living keys of many people of one property and move its gallery on once. Four queries.

    Returns how many keys were destroyed, by the person's id; who is left out had none.
    """
    living = PersonKey.objects.filter(person__in=[person.pk for person in people], destroyed_at__isnull=True)
    with transaction.atomic():
        owners = dict(living.select_for_update().order_by("pk").values_list("pk", "person_id"))
        PersonKey.objects.filter(pk__in=list(owners)).update(wrapped=None, destroyed_at=timezone.now())
        advance_epoch(tenant_id=tenant.pk)
    return dict(Counter(owners.values()))


def advance_epoch(*, tenant_id: uuid.UUID) -> None:
    """Make every worker reload this property's gallery before its next match."""
    GalleryEpoch.objects.get_or_create(tenant_id=tenant_id)
    GalleryEpoch.objects.filter(tenant_id=tenant_id).update(epoch=F("epoch") + 1)
