"""How a terminal is connected: its key, what it last said of itself, and what speaks against its key."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from recognition.edge.kinds import AlarmKind, CopyState
from recognition.edge.models import DeviceAlarm, DeviceCopy, DeviceReport
from recognition.edge.services.keys import living_key
from tenants.organizations.models import Property
from tenants.premises.models import Device

LATELY = timedelta(days=7)
SHOWN = 10
# What an old battery or a restored backup does as well; everything else is somebody's doing.
HARMLESS = frozenset({AlarmKind.CLOCK, AlarmKind.COUNT_DIFFERS})


def recent_alarms(tenant: Property) -> QuerySet[DeviceAlarm]:
    """Return the alarms of the last days, the newest first."""
    return DeviceAlarm.objects.filter(tenant=tenant, last_at__gte=timezone.now() - LATELY)


def connection(device: Device) -> dict[str, Any]:
    """Return what the card “Connection” shows. Four queries."""
    held = DeviceCopy.objects.filter(device=device, state__in=(CopyState.HELD, CopyState.SUSPENDED))
    alarms = DeviceAlarm.objects.filter(tenant=device.tenant_id, device=device)[:SHOWN]
    return {
        "key": living_key(device=device),
        "report": DeviceReport.objects.filter(device=device).first(),
        "held": held.count(),
        "alarms": [(alarm, tone(alarm)) for alarm in alarms],
        "code_until": device.pairing_expires_at if _is_open(device) else None,
    }


def tone(alarm: DeviceAlarm) -> str:
    return "due" if alarm.kind in HARMLESS else "stop"


def _is_open(device: Device) -> bool:
    until = device.pairing_expires_at
    return device.pairing_used_at is None and until is not None and until > timezone.now()
