"""Prove who sent a request: the key, the clock, the nonce, and that one machine alone uses the key."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from recognition.edge import rules, signatures
from recognition.edge.models import DeviceBoot, DeviceKey, DeviceNonce
from recognition.edge.refusals import ALARMS, Refusal, Refused
from recognition.edge.services import alarms
from recognition.edge.signatures import Claim, KeyId, Message
from tenants.organizations.changes import hold_facts
from tenants.organizations.scoping import tenant_context
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device
from tenants.premises.services import devices


@dataclass(frozen=True)
class Proved:
    """A request of this terminal, signed with this living key. `clock_offset`: its clock minus ours, in seconds."""

    device: Device
    key: DeviceKey
    clock_offset: float


def authenticate(
    *, message: Message, address: str = "", is_recorded: Callable[[Refusal], bool] = lambda code: True
) -> Proved:
    """Return who sent a request; each request is taken once.

    `is_recorded` says of a refusal whether it becomes an alarm: a flood of them from one address does not.
    Called outside a transaction: what a refusal leaves behind (the alarm, a stopped key) stays. Raises Refused.
    """
    claim = signatures.read(message)
    try:
        with tenant_context(claim.key.tenant_id):
            return _prove(message, claim)
    except Refused as refused:
        if refused.code == Refusal.KEY_COPIED:
            _stop_copied(claim.key)
        if is_recorded(refused.code):
            refuse(claim.key, refused.code, address=address)
        raise


def refuse(key: KeyId, code: Refusal, *, address: str) -> None:
    """Record a refusal as an alarm of the property that the key names."""
    alarms.record(tenant_id=key.tenant_id, device_id=key.device_id, kind=ALARMS[code], address=address)


def check_clock(claim: Claim) -> float:
    """Return how far the terminal's clock is ahead of ours, in seconds. Raises Refused, code `clock`."""
    now = timezone.now()
    if not rules.is_fresh(created=claim.created, now=now):
        raise Refused(Refusal.CLOCK)
    # `created` has whole seconds: on average it lies half a second behind.
    return round(claim.created + 0.5 - now.timestamp(), 1)


def begin(*, key: DeviceKey, claim: Claim) -> None:
    """Note the first request and the first boot of a new key."""
    DeviceNonce.objects.create(tenant_id=key.tenant_id, key=key, nonce=claim.nonce, at=timezone.now())
    _begin_boot(key, claim)


def _prove(message: Message, claim: Claim) -> Proved:
    """Raises Refused; nothing of what a refused request wrote stays."""
    key = (
        DeviceKey.objects.select_related("device__tenant")
        .filter(tenant_id=claim.key.tenant_id, device_id=claim.key.device_id, thumbprint=claim.key.thumbprint)
        .first()
    )
    if key is None:
        raise Refused(Refusal.UNKNOWN_KEY)
    signatures.verify(message, claim=claim, signing_key=bytes(key.signing_key))
    if key.revoked_at is not None:
        raise Refused(Refusal.KEY_COPIED if key.is_copied else Refusal.REVOKED_KEY)
    offset = check_clock(claim)
    try:
        with transaction.atomic():
            DeviceNonce.objects.create(tenant_id=key.tenant_id, key=key, nonce=claim.nonce, at=timezone.now())
    except IntegrityError as error:
        raise Refused(Refusal.REPLAYED) from error
    if key.boot != claim.boot:
        _follow_boot(key, claim)
    return Proved(device=key.device, key=key, clock_offset=offset)


def _follow_boot(key: DeviceKey, claim: Claim) -> None:
    """Take note of a new start of the terminal's software. Raises Refused when an earlier one speaks again."""
    now = DeviceKey.objects.select_for_update().get(pk=key.pk)
    if now.revoked_at is not None:
        raise Refused(Refusal.KEY_COPIED if now.is_copied else Refusal.REVOKED_KEY)
    if now.boot == claim.boot:
        return
    began = dict(DeviceBoot.objects.filter(key=now, boot__in=(now.boot, claim.boot)).values_list("boot", "at"))
    if claim.boot not in began:
        _begin_boot(now, claim)
    elif rules.speaks_out_of_turn(created=claim.created, successor_began=began[now.boot]):
        raise Refused(Refusal.KEY_COPIED)


def _begin_boot(key: DeviceKey, claim: Claim) -> None:
    began = datetime.fromtimestamp(claim.created, tz=UTC)
    DeviceBoot.objects.create(tenant_id=key.tenant_id, key=key, boot=claim.boot, at=began)
    key.boot = claim.boot
    key.save(update_fields=["boot"])


def _stop_copied(named: KeyId) -> None:
    """End a key that two machines use, and stop the device until it is paired again."""
    with tenant_context(named.tenant_id):
        device = Device.objects.select_related("tenant").get(pk=named.device_id)
        hold_facts(tenant=device.tenant)
        living = DeviceKey.objects.select_for_update().filter(device=device, revoked_at__isnull=True)
        key = living.filter(thumbprint=named.thumbprint).first()
        if key is None:
            return  # stopped before: the terminal may have been paired again since
        key.revoked_at, key.is_copied = timezone.now(), True
        key.save()
        device.refresh_from_db(fields=["state"])
        if device.state in (DeviceState.ACTIVE, DeviceState.SUSPENDED):
            devices.stop_for_copied_key(tenant=device.tenant, device=device)
