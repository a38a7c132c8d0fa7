"""Devices, what blocks them, and what happened to them."""

from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.reads.connections import recent_alarms
from tenants.organizations.models import Property
from tenants.premises.kinds import DeviceState, SuspensionReason
from tenants.premises.models import Device, Zone
from tenants.premises.rules import test_faults

LENGTH = 30
STATE_TONES = {
    DeviceState.REGISTERED: "info",
    DeviceState.ACTIVE: "ok",
    DeviceState.SUSPENDED: "stop",
    DeviceState.RETIRED: "neutral",
}
REASON_ARTICLES = {SuspensionReason.PRIVATE_PLACE: "Art 13", SuspensionReason.NO_ALTERNATIVE: "Art 10"}


def devices(tenant: Property) -> QuerySet[Device]:
    """Return the devices with what their pages read about each."""
    return (
        Device.objects.filter(tenant=tenant)
        .select_related(f"access_point__zone__{Zone.CHAIN}", "tenant__handler")
        .prefetch_related("access_point__methods")
    )


def listed(tenant: Property) -> QuerySet[Device]:
    """Return the devices with what the list shows: also whether one had an alarm lately."""
    devices = Device.objects.filter(tenant=tenant).select_related(f"access_point__zone__{Zone.CHAIN}")
    return devices.annotate(has_alarm=Exists(recent_alarms(tenant).filter(device=OuterRef("pk"))))


FAULTS = {
    "untested": gettext_lazy("The test report is not complete"),
    "false_accept": gettext_lazy("Too many strangers are accepted"),
    "false_reject": gettext_lazy("Too many people are not recognised"),
    "attack_success": gettext_lazy("Too many attacks with a picture succeed"),
}


def report(device: Device) -> list[Any]:
    """Return in words what the test report of a device does not show (GA/T 1093-2023)."""
    values = (device.false_accept_percent, device.false_reject_percent, device.attack_success_percent)
    return [FAULTS[code] for code in test_faults(device.mode, *values)]


def timeline(device: Device) -> list[dict[str, Any]]:
    """Return what happened to a device, newest first, as items of `components/timeline.html`."""
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Device),
        object_pk=str(device.pk),
        additional_data__tenant=str(device.tenant_id),
    ).select_related("actor")
    items = []
    for entry in entries.order_by("-timestamp", "-id")[:LENGTH]:
        changes = {name: values[-1] for name, values in (entry.changes or {}).items() if isinstance(values, list)}
        for text in _sentences(changes, is_new=entry.action == LogEntry.Action.CREATE):
            items.append({"at": entry.timestamp, "text": text, "actor": entry.actor})
    return items


def _sentences(changes: dict[str, str], *, is_new: bool) -> list[str]:
    if is_new:
        return [_("Registered; pairing code issued")]
    sentences = []
    state = changes.get("state")
    if state == DeviceState.SUSPENDED:
        reason = changes.get("suspended_for", "")
        label = SuspensionReason(reason).label if reason in SuspensionReason.values else ""
        sentences.append(_("Suspended: %(reason)s") % {"reason": label} if label else _("Suspended"))
    elif state == DeviceState.ACTIVE:
        sentences.append(_("Activated"))
    elif state == DeviceState.RETIRED:
        sentences.append(_("Retired"))
    if "pairing_used_at" in changes and changes["pairing_used_at"] not in {"None", ""}:
        sentences.append(_("Terminal paired"))
    elif "pairing_issued_at" in changes or "credential_issued_at" in changes:
        sentences.append(_("Pairing code issued"))
    if "sign_photo_on" in changes:
        sentences.append(_("Photo of the sign recorded"))
    return sentences or [_("Record changed")]
