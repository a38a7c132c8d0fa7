"""Record what speaks for a stolen or copied key, counted by the hour."""

import uuid

from django.db.models import F
from django.utils import timezone

from recognition.edge.kinds import AlarmKind
from recognition.edge.models import DeviceAlarm
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.organizations.trail import Happening, Kind, note, tell
from tenants.premises.models import Device


def record(*, tenant_id: uuid.UUID, device_id: uuid.UUID | None, kind: AlarmKind, address: str = "") -> None:
    """Count one attempt. Called outside the transaction of the request that is refused, so that it stays.

    A tenant that does not exist records nothing; a device of another property is recorded as none.
    """
    with tenant_context(tenant_id):
        if not Property.objects.filter(pk=tenant_id).exists():
            return
        device = Device.objects.filter(pk=device_id, tenant_id=tenant_id).first()
        now = timezone.now()
        seen = {"address": address[:45], "last_at": now}
        hour = now.replace(minute=0, second=0, microsecond=0)
        row, is_new = DeviceAlarm.objects.get_or_create(
            tenant_id=tenant_id, device=device, kind=kind, hour=hour, defaults={"first_at": now, **seen}
        )
        facts = {"alarm": kind.value}
        alarm = Happening(Kind.DEVICE_ALARM, _name(tenant_id, device), tenant_id, facts=facts)
        if is_new:
            note(alarm)
        else:  # in the log once an hour; how often is in the row
            tell(alarm, is_kept=True)
            DeviceAlarm.objects.filter(pk=row.pk).update(count=F("count") + 1, **seen)


def _name(tenant_id: uuid.UUID, device: Device | None) -> str:
    return f"device:{device.pk}" if device else f"property:{tenant_id}"


def record_alarm(*, device: Device, kind: AlarmKind, address: str = "") -> None:
    """Count one attempt of a known terminal; see `record`."""
    record(tenant_id=device.tenant_id, device_id=device.pk, kind=kind, address=address)
