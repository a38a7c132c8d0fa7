"""Pair a terminal: it proves the key that it made, and the code that a member was shown."""

from typing import Any

from django.core.exceptions import ValidationError

from recognition.edge import changes, signatures
from recognition.edge.refusals import Refusal, Refused
from recognition.edge.services import keys, reports, requests
from recognition.edge.services.requests import Proved
from recognition.edge.signatures import Message
from tenants.organizations import actors
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.organizations.trail import Happening, Kind, note
from tenants.premises import pairing as codes
from tenants.premises.services import devices


def pair(
    *, message: Message, code: str, signing_key: str, sealing_key: str, report: dict[str, Any] | None = None
) -> Proved:
    """Take a terminal's keys by its pairing code, which is good once; its earlier key stops.

    The key is proved before the code is looked at. Called outside a transaction. Raises Refused about the signature or
    the clock; ValidationError with code `bad_key` or `key_reused` about a key, and `bad_code`, one and the same for a
    code that is unknown, used or over.
    """
    claim = signatures.read(message)
    signing, sealing = keys.read_keys(signing_key=signing_key, sealing_key=sealing_key)
    if claim.key.thumbprint != signatures.thumbprint(signing):
        raise Refused(Refusal.BAD_SIGNATURE)
    signatures.verify(message, claim=claim, signing_key=signing)
    offset = requests.check_clock(claim)
    read = codes.parse(code)
    if read is None or (read.tenant_id, read.device_id) != (claim.key.tenant_id, claim.key.device_id):
        raise bad_code()
    # Nothing is written before the code is found to be right.
    with tenant_context(read.tenant_id), actors.acting(f"device:{read.device_id}"):
        tenant = Property.objects.filter(pk=read.tenant_id).first()
        if tenant is None:
            raise bad_code()
        device = devices.use_pairing_code(tenant=tenant, device_id=read.device_id, code=read)
        key = keys.replace(device=device, signing=signing, sealing=sealing)
        requests.begin(key=key, claim=claim)
        changes.paired(device=device, key=key)
        note(
            Happening(
                kind=Kind.DEVICE_PAIRED,
                actor=f"device:{device.pk}",
                tenant_id=tenant.pk,
                subject=f"devicekey:{key.pk}",
            )
        )
        if report:
            reports.take_report(device=device, report=report, clock_offset=offset)
        device.refresh_from_db()
        return Proved(device=device, key=key, clock_offset=offset)


def bad_code() -> ValidationError:
    return ValidationError({"code": ValidationError(devices.BAD_CODE, code="bad_code")})
