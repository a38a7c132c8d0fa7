"""A terminal's keys: which one lives, and how a new one takes its place."""

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recognition.edge import changes, rules, signatures
from recognition.edge.models import DeviceKey
from recognition.edge.services import orders
from recognition.edge.signatures import KeyId
from tenants.organizations.changes import hold_facts
from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device


def living_key(*, device: Device) -> DeviceKey | None:
    """Return the key with which a terminal signs now, None before it is paired."""
    return DeviceKey.objects.filter(device=device, revoked_at__isnull=True).first()


def key_id(key: DeviceKey) -> str:
    return str(KeyId(key.tenant_id, key.device_id, key.thumbprint))


@transaction.atomic
def ask_for_new(*, tenant: Property, device: Device) -> None:
    """Order a terminal to make new keys. Raises ValidationError, code `not_paired` or `retired`."""
    require_same_tenant(tenant, device)
    if device.state == DeviceState.RETIRED:
        raise ValidationError(_("This device is retired."), code="retired")
    if living_key(device=device) is None:
        raise ValidationError(_("This terminal is not paired yet."), code="not_paired")
    orders.ask_for_new_keys(device=device)


@transaction.atomic
def rotate(*, device: Device, key: DeviceKey, signing_key: str, sealing_key: str, proof: str) -> DeviceKey:
    """Replace a terminal's key by one that it made itself; from the commit on only the new one is good.

    Keys in base64; `proof` is the new signing key's signature over
    `consentry-rotate-1|<old keyid>|<signing_key>|<sealing_key>`. Raises ValidationError; codes `bad_key`, `bad_proof`,
    `key_reused`, and `key_gone` when the old one was replaced meanwhile.
    """
    hold_facts(tenant=device.tenant)
    signing, sealing = read_keys(signing_key=signing_key, sealing_key=sealing_key)
    text = f"consentry-rotate-1|{key_id(key)}|{signing_key}|{sealing_key}"
    try:
        Ed25519PublicKey.from_public_bytes(signing).verify(base64.b64decode(proof, validate=True), text.encode())
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise ValidationError(
            {"proof": ValidationError(_("The proof is not by the new signing key."), code="bad_proof")}
        ) from error
    device = Device.objects.select_for_update(of=("self",), no_key=True).select_related("tenant").get(pk=device.pk)
    if device.state == DeviceState.RETIRED:
        raise ValidationError(_("This device is retired."), code="retired")
    if not DeviceKey.objects.filter(pk=key.pk, revoked_at__isnull=True).exists():
        raise ValidationError(_("The key was replaced meanwhile."), code="key_gone")
    new = replace(device=device, signing=signing, sealing=sealing)
    changes.rotated(device=device, key=new)
    return new


def replace(*, device: Device, signing: bytes, sealing: bytes) -> DeviceKey:
    """End the living key of a locked device and begin another. Raises ValidationError, code `key_reused`."""
    now, own_print = timezone.now(), signatures.thumbprint(signing)
    if DeviceKey.objects.filter(tenant_id=device.tenant_id, thumbprint=own_print).exists():
        raise ValidationError(
            {"signing_key": ValidationError(_("This key was used before. Make a new one."), code="key_reused")}
        )
    revoke(device=device)
    key = DeviceKey(
        tenant_id=device.tenant_id,
        device=device,
        thumbprint=own_print,
        signing_key=signing,
        sealing_key=sealing,
        paired_at=now,
    )
    key.save()
    return key


def revoke(*, device: Device) -> None:
    """End the living key of a locked device, if it has one."""
    for key in DeviceKey.objects.select_for_update(no_key=True).filter(device=device, revoked_at__isnull=True):
        key.revoked_at = timezone.now()
        key.save()


def read_keys(*, signing_key: str, sealing_key: str) -> tuple[bytes, bytes]:
    """Return the raw bytes of both public keys. Raises ValidationError, code `bad_key`."""
    signing, sealing = rules.read_key(signing_key), rules.read_key(sealing_key)
    wrong = {}
    if signing is None or not rules.is_signing_key(signing):
        wrong["signing_key"] = ValidationError(_("This is not an Ed25519 public key in base64."), code="bad_key")
    if sealing is None or not rules.is_sealing_key(sealing):
        wrong["sealing_key"] = ValidationError(_("This is not an X25519 public key in base64."), code="bad_key")
    if signing is None or sealing is None or wrong:
        raise ValidationError(wrong)
    return signing, sealing
