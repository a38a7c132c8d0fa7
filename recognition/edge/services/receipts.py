"""Take a terminal's signed answer to an order, and do what follows from it."""

import base64
import binascii
import uuid
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recognition.edge import order_rules, receipt_text
from recognition.edge.kinds import OrderKind, OrderState
from recognition.edge.models import DeviceKey, DeviceOrder
from recognition.edge.receipt_text import Receipt
from recognition.edge.services import answered, queue
from tenants.people.models import Person
from tenants.premises.models import Device


class AlreadyConfirmed(Exception):
    """Another receipt of this order is kept; it is evidence and is not replaced."""


@transaction.atomic
def take_receipt(*, device: Device, key: DeviceKey, number: int, receipt: str, signature: str) -> DeviceOrder:
    """Keep the receipt of an order and follow it; the same again is answered like the first time.

    `key` is the terminal's living key; one that it had when the order was sent is as good. Locks the person first, as
    every change of a face does. Raises DeviceOrder.DoesNotExist for an order that this terminal was not given,
    AlreadyConfirmed, and ValidationError with code `bad_signature` or `bad_receipt`.
    """
    rows = DeviceOrder.objects.filter(device=device, number=number)
    person_id = rows.values_list("person_id", flat=True).get()
    person = _lock(person_id) if person_id else None
    queue.hold_queue(tenant_id=device.tenant_id)
    order = rows.defer("sealed").select_related("key").get()
    if order.sent_at is None:
        raise DeviceOrder.DoesNotExist
    if order.receipt:
        if order.receipt != receipt:
            raise AlreadyConfirmed
        return order
    order.key, order.signature = _verify(order, key, receipt, signature)
    try:
        said = receipt_text.read(
            receipt, device_id=device.pk, number=number, kind=order.kind, person_id=order.person_id
        )
    except receipt_text.Unreadable as error:
        raise ValidationError(
            {"receipt": ValidationError(_("This is not the receipt of this order."), code="bad_receipt")}
        ) from error
    _keep(order, receipt, said)
    _FOLLOWED[OrderKind(order.kind)](device=device, order=order, said=said, person=person)
    return order


def _lock(person_id: uuid.UUID) -> Person:
    rows = Person.objects.select_for_update(of=("self",)).select_related("tenant__handler")
    return rows.get(pk=person_id)


def _verify(order: DeviceOrder, key: DeviceKey, receipt: str, signature: str) -> tuple[DeviceKey, bytes]:
    """Return the key that signed it and the raw signature. Raises ValidationError, code `bad_signature`."""
    try:
        raw = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    candidates = [key]
    if order.key is not None and order.key_id != key.pk and not order.key.is_copied:
        candidates.append(order.key)
    for candidate in candidates:
        try:
            Ed25519PublicKey.from_public_bytes(bytes(candidate.signing_key)).verify(raw, receipt.encode())
        except InvalidSignature:
            continue
        return candidate, raw
    raise ValidationError(
        {"signature": ValidationError(_("The signature of the receipt does not verify."), code="bad_signature")}
    )


def _keep(order: DeviceOrder, receipt: str, said: Receipt) -> None:
    """What was called off stays called off; that the terminal had done it all the same is evidence too."""
    order.receipt, order.reason, order.sealed = receipt, said.reason, None
    if order.state != OrderState.CANCELLED:
        order.state, order.finished_at = order_rules.final_state(said.outcome), timezone.now()
    if said.model:
        order.model_version = said.model
    order.save(
        update_fields=["receipt", "signature", "key", "reason", "sealed", "state", "finished_at", "model_version"]
    )


_FOLLOWED: dict[OrderKind, Callable[..., None]] = {
    OrderKind.ENROL: answered.face_taken,
    OrderKind.STORE: answered.template_kept,
    OrderKind.SUSPEND: answered.use_changed,
    OrderKind.RESUME: answered.use_changed,
    OrderKind.DELETE: answered.deleted,
    OrderKind.WIPE: answered.wiped,
    OrderKind.ROTATE: answered.keys_made,
}
