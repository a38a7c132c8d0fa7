"""How a terminal is connected: its key, what it last said of itself, and what speaks against its key."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recognition.edge.kinds import AlarmKind, CopyState
from recognition.edge.models import DeviceAlarm, DeviceCopy, DeviceReport
from recognition.edge.services.keys import living_key
from tenants.organizations.models import Property
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device
from tenants.premises.rules.silence import heard_at, is_silent

LATELY = timedelta(days=7)
SHOWN = 10
# What an old battery or a restored backup does as well; everything else is somebody's doing.
HARMLESS = frozenset({AlarmKind.CLOCK, AlarmKind.COUNT_DIFFERS})
# What was sent is refused in each case; this says what a person does.
ADVICE: dict[str, Promise] = {
    AlarmKind.BAD_SIGNATURE: _(
        "Refused. If it comes again, somebody may be imitating this terminal: ask the installer."
    ),
    AlarmKind.UNKNOWN_KEY: _("Refused. If it is your terminal, pair it; otherwise it is a stranger's machine."),
    AlarmKind.REVOKED_KEY: _(
        "Refused. A machine still works with an earlier pairing. If it is this terminal, pair it again."
    ),
    AlarmKind.CLOCK: _("Refused until its clock is right. Set date and time on the terminal."),
    AlarmKind.REPLAYED: _(
        "Refused. Once may be a bad line; if it comes again, ask the installer who else is on the network."
    ),
    AlarmKind.KEY_COPIED: _("This terminal opens for no face now. Find out who had access to it, then pair it again."),
    AlarmKind.FOREIGN_PERSON: _("Refused. Ask the installer whether the terminal was used at another property before."),
    AlarmKind.FACE_BYTES: _("Refused, and nothing of it was kept. Have the maker switch off the sending of pictures."),
    AlarmKind.COUNT_DIFFERS: _("Wait until its work is done. If the numbers still differ, pair it again."),
}


def recent_alarms(tenant: Property) -> QuerySet[DeviceAlarm]:
    """Return the alarms of the last days, the newest first."""
    return DeviceAlarm.objects.filter(tenant=tenant, last_at__gte=timezone.now() - LATELY)


def connection(device: Device) -> dict[str, Any]:
    """Return what the card “Connection” shows. Four queries."""
    held = DeviceCopy.objects.filter(device=device, state__in=(CopyState.HELD, CopyState.SUSPENDED))
    alarms = sorted(DeviceAlarm.objects.filter(tenant=device.tenant_id, device=device)[:SHOWN], key=_is_harmless)
    return {
        "key": living_key(device=device),
        "silent_since": _silent_since(device),
        "report": DeviceReport.objects.filter(device=device).first(),
        "held": held.count(),
        "alarms": [{"alarm": alarm, "tone": tone(alarm), "advice": ADVICE[alarm.kind]} for alarm in alarms],
        "code_until": device.pairing_expires_at if _is_open(device) else None,
    }


def _silent_since(device: Device) -> datetime | None:
    """Return when a terminal that opens for faces fell silent; None for one that reports, or is switched off."""
    heard = heard_at(last_seen_at=device.last_seen_at, paired_at=device.pairing_used_at)
    is_over = device.state == DeviceState.ACTIVE and is_silent(heard=heard, now=timezone.now())
    return heard if is_over else None


def tone(alarm: DeviceAlarm) -> str:
    return "due" if _is_harmless(alarm) else "stop"


def _is_harmless(alarm: DeviceAlarm) -> bool:
    return alarm.kind in HARMLESS


def _is_open(device: Device) -> bool:
    until = device.pairing_expires_at
    return device.pairing_used_at is None and until is not None and until > timezone.now()
