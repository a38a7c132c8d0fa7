"""Replace keys while every door keeps working: each step commits alone, so that it may be killed and run again.

Nothing is decrypted but keys. A row is opened again in its new form before its step commits, and the old key goes
only when the database itself knows of no row that needs it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from recognition.vault import envelope
from recognition.vault.envelope import Unreadable
from recognition.vault.keys import (
    handler_keys,
    newest_handler_key,
    open_handler_key,
    open_person_key,
    wrap_handler_key,
    wrap_person_key,
)
from recognition.vault.master import fingerprint, provider
from recognition.vault.models import HandlerKey, PersonKey
from tenants.organizations.models import Handler, Property
from tenants.organizations.scoping import tenant_context

CHUNK = 500


@dataclass(frozen=True)
class Step:
    """So many keys were moved by one commit, and so many are left."""

    moved: int
    left: int


# -- The master key ----------------------------------------------------------------------------------
def rotate_master() -> Iterator[Step]:
    """Move every handler's key from the master key to the next one. Yields after each commit.

    Keys that an earlier, interrupted run moved are passed over. Raises ValidationError `no_next_key` or `same_key`;
    Unreadable when a handler's key opens with neither of the two.
    """
    target = provider().next_master_key()
    if target is None:
        raise ValidationError(_("No next master key is set. Set MASTER_KEY_NEXT_FILE."), code="no_next_key")
    if target == provider().master_key():
        raise ValidationError(_("The next master key is the one in use. Make a new one."), code="same_key")
    waiting = HandlerKey.objects.exclude(master=fingerprint(target)).order_by("pk")
    while (row := waiting.first()) is not None:
        _move_to_next_master(row)
        yield Step(moved=1, left=waiting.count())


@transaction.atomic
def _move_to_next_master(row: HandlerKey) -> None:
    locked = HandlerKey.objects.select_for_update(no_key=True).filter(pk=row.pk).first()
    if locked is None:
        return  # a rotation of this handler's key retired it meanwhile
    key = open_handler_key(locked)
    wrap_handler_key(locked, key)
    locked.save()
    if open_handler_key(HandlerKey.objects.get(pk=locked.pk)) != key:
        raise Unreadable(f"Handler key {locked.pk} came out as another one; nothing was changed.")


# -- A handler's key ---------------------------------------------------------------------------------
def rotate_handler(handler: Handler, *, chunk: int = CHUNK) -> Iterator[Step]:
    """Give a handler a new key and move the key of each of its people under it. Yields after each commit.

    An interrupted run goes on with the key that it had begun. The older key is deleted at the end.
    """
    _begin(handler)
    while HandlerKey.objects.filter(handler=handler).count() > 1:
        for tenant in Property.objects.filter(handler=handler).order_by("pk"):
            while (step := _move_chunk(tenant, chunk)).moved:
                yield step
        _retire_older(handler)


@transaction.atomic
def _begin(handler: Handler) -> None:
    newest = newest_handler_key(handler, is_locked=True)
    if HandlerKey.objects.filter(handler=handler).count() == 1:
        successor = HandlerKey(handler=handler, generation=newest.generation + 1)
        wrap_handler_key(successor, envelope.new_key())
        successor.save()


def _move_chunk(tenant: Property, chunk: int) -> Step:
    with tenant_context(tenant.pk):
        newest = newest_handler_key(tenant.handler)
        wrappings = handler_keys(tenant.handler)
        waiting = PersonKey.objects.filter(tenant=tenant).exclude(handler_key=newest)
        rows = list(waiting.select_for_update().order_by("pk")[:chunk])
        # A destroyed key holds nothing; it only stops pointing at the older row.
        clear = {row.pk: open_person_key(row, wrappings[row.handler_key_id]) for row in rows if row.wrapped is not None}
        for row in rows:
            wrap_person_key(row, clear.get(row.pk), under=newest, wrapping=wrappings[newest.pk])
        # Thousands of rows in which nothing of a person changes: the log has the handler's two keys instead.
        PersonKey.objects.bulk_update(rows, ["wrapped", "handler_key"])
        for row in PersonKey.objects.filter(pk__in=clear):
            if open_person_key(row, wrappings[newest.pk]) != clear[row.pk]:
                raise Unreadable(f"Person key {row.pk} came out as another one; nothing was changed.")
        return Step(moved=len(rows), left=waiting.count())


@transaction.atomic
def _retire_older(handler: Handler) -> None:
    """Delete the older keys once they wrap nothing, waiting for whoever is making a key for a person under one."""
    older = list(HandlerKey.objects.select_for_update().filter(handler=handler).order_by("-generation")[1:])
    for tenant in Property.objects.filter(handler=handler):
        with tenant_context(tenant.pk):
            if PersonKey.objects.filter(handler_key__in=older).exists():
                return
    for row in older:
        row.delete()
