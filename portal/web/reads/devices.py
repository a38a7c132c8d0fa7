"""Devices, what blocks them, and what happened to them."""

from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.reads.checks import ARTICLES
from tenants.clearance.checks import Check, Mend
from tenants.organizations.models import Property
from tenants.organizations.roles import Permission
from tenants.premises.kinds import DeviceState, SuspensionReason
from tenants.premises.models import Device

LENGTH = 30
STATE_TONES = {
    DeviceState.REGISTERED: "info",
    DeviceState.ACTIVE: "ok",
    DeviceState.SUSPENDED: "stop",
    DeviceState.RETIRED: "neutral",
}
REASON_ARTICLES = {SuspensionReason.PRIVATE_PLACE: "Art 13", SuspensionReason.NO_ALTERNATIVE: "Art 10"}
_MENDS = {
    Mend.ZONE: ("zone_edit", gettext_lazy("See the zone"), Permission.MANAGE_PREMISES),
    Mend.DOOR: ("door_edit", gettext_lazy("Record another way"), Permission.MANAGE_PREMISES),
    Mend.NOTICE: ("notices", gettext_lazy("Go to the notices"), Permission.VIEW_NOTICES),
    Mend.SETTINGS: ("settings", gettext_lazy("See the settings"), Permission.MANAGE_PROPERTY),
}


def devices(tenant: Property) -> QuerySet[Device]:
    """Return the devices with what the gate and the pages read about each."""
    return (
        Device.objects.filter(tenant=tenant)
        .select_related("access_point__zone", "tenant__handler")
        .prefetch_related("access_point__methods")
    )


_ARTICLES = ARTICLES | {"PIPL 50": gettext_lazy("PIPL Art 50")}


def listed(tenant: Property) -> QuerySet[Device]:
    """Return the devices with what the list shows."""
    return Device.objects.filter(tenant=tenant).select_related("access_point__zone")


def article(name: str) -> Any:
    return _ARTICLES.get(name, name)


def check_rows(*, tenant: Property, device: Device, checks: list[Check]) -> list[dict[str, Any]]:
    """Return what blocks first, then what holds; a blocked row carries the page that mends it, if this member may."""
    rows = []
    for check in sorted(checks, key=lambda check: check.holds):
        url, label = ("", "") if check.holds else mend(tenant=tenant, device=device, to=check.mend)
        rows.append(
            {
                "ok": check.holds,
                "title": check.title,
                "detail": check.detail,
                "article": article(check.article),
                "url": url,
                "label": label,
            }
        )
    return rows


def mend(*, tenant: Property, device: Device, to: Mend) -> tuple[str, Any]:
    """Return the address and the label of the page that mends a blocker, or nothing."""
    if to not in _MENDS:
        return "", ""
    name, label, permission = _MENDS[to]
    if permission not in tenant.granted:
        return "", ""
    row = {Mend.ZONE: device.access_point.zone_id, Mend.DOOR: device.access_point_id}.get(to)
    return reverse(name, args=[tenant.slug, *([row] if row else [])]), label


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
        return [_("Registered; credential issued")]
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
    if "credential_issued_at" in changes:
        sentences.append(_("Credential replaced"))
    return sentences or [_("Record changed")]
