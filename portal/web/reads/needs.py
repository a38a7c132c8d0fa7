"""What needs someone today, in order of consequence: what stops faces, then late answers, then what is due."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.security.alerts.kinds import Severity
from portal.security.alerts.words import article_name as alert_article
from portal.web.reads import connections, needs_people, oversight
from portal.web.reads.alerts import Row, open_alerts, urgent_alerts
from portal.web.reads.approvals import approvals
from portal.web.reads.checks import mend
from portal.web.reads.devices import REASON_ARTICLES
from portal.web.reads.readiness import engine_note
from portal.web.reads.renewals import renewals
from portal.web.reads.silences import silences
from portal.web.reads.today import Facts
from portal.web.reads.todo import folded, in_order
from recognition.edge.kinds import AlarmKind
from recognition.edge.models import DeviceAlarm
from tenants.clearance.checks import Mend, article_name
from tenants.organizations.models import User
from tenants.organizations.roles import Permission as P
from tenants.premises.kinds import DeviceState, SuspensionReason
from tenants.premises.models import AccessPoint, Device

_SUSPENSION_MENDS = {SuspensionReason.NO_ALTERNATIVE: Mend.DOOR, SuspensionReason.PRIVATE_PLACE: Mend.ZONE}


def needs(facts: Facts, actor: User) -> list[dict[str, Any]]:
    """Return items of `components/todo.html`; people's requests only to members who may see them."""
    granted = facts.tenant.granted
    high = urgent_alerts(facts.tenant) if P.VIEW_ALERTS in granted else []
    items = [
        *_engine(facts),
        *_site(facts),
        *_wrongly_active(facts),
        *_suspended(facts),
        *_alerts(facts, high),
        *silences(facts),
        *_alarms(facts, high),
        *_closed_doors(facts),
        *approvals(facts, actor),
    ]
    if P.VIEW_REQUESTS in granted:
        items += needs_people.requests(facts)
        items += needs_people.complaints(facts)
    if P.VIEW_RETENTION in granted:
        items += needs_people.erasures(facts)
    items += [*oversight.needs(facts.tenant), *renewals(facts), *_blocked(facts)]
    return in_order(items)


def _devices_url(facts: Facts, state: DeviceState) -> str:
    return f"{reverse('devices', args=[facts.tenant.slug])}?state={state}"


def _engine(facts: Facts) -> Iterator[dict[str, Any]]:
    """A recognition worker that refuses to start: every door waits for it, and nothing on these pages mends it."""
    sentence = engine_note(facts.tenant)
    if sentence:
        yield {
            "tone": "stop",
            "title": _("Faces are not checked"),
            "detail": sentence,
            "article": "",
            "badge": _("Blocks everything"),
            "url": "",
            "label": "",
        }


def _site(facts: Facts) -> Iterator[dict[str, Any]]:
    """What blocks every face of the property alike."""
    for check in facts.site_blockers:
        url, label = mend(tenant=facts.tenant, to=check.mend)
        yield {
            "tone": "stop",
            "title": check.title,
            "detail": check.detail,
            "article": article_name(check.article),
            "badge": _("Blocks everything"),
            "url": url,
            "label": label,
        }


def _wrongly_active(facts: Facts) -> Iterator[dict[str, Any]]:
    title = _("“%(device)s” is active, but a rule no longer holds")
    yield from folded(
        facts.blocked(DeviceState.ACTIVE),
        lambda row: _device(facts, *row, title, "stop"),
        what=_("Devices"),
        url=_devices_url(facts, DeviceState.ACTIVE),
    )


def _blocked(facts: Facts) -> Iterator[dict[str, Any]]:
    title = _("“%(device)s” cannot be activated yet")
    yield from folded(
        facts.blocked(DeviceState.REGISTERED),
        lambda row: _device(facts, *row, title, "due"),
        what=_("Devices"),
        url=_devices_url(facts, DeviceState.REGISTERED),
    )


def _device(facts: Facts, device: Any, blocked: list[Any], title: str, tone: str) -> dict[str, Any]:
    return {
        "tone": tone,
        "title": title % {"device": device.name},
        "detail": f"{device.access_point.name} · {blocked[0].title}",
        "article": article_name(blocked[0].article),
        "badge": ngettext("%(count)s open point", "%(count)s open points", len(blocked)) % {"count": len(blocked)},
        "url": reverse("device", args=[facts.tenant.slug, device.pk]),
        "label": _("See what blocks it"),
    }


def _suspended(facts: Facts) -> Iterator[dict[str, Any]]:
    yield from folded(
        facts.suspended,
        lambda device: _suspension(facts, device),
        what=_("Suspended devices"),
        url=_devices_url(facts, DeviceState.SUSPENDED),
    )


def _suspension(facts: Facts, device: Device) -> dict[str, Any]:
    url, label = mend(tenant=facts.tenant, device=device, to=_SUSPENSION_MENDS.get(device.suspended_for, Mend.NOTHING))
    since = date_format(localtime(device.state_changed_at), "DATETIME_FORMAT")
    reason = device.get_suspended_for_display() or device.get_state_display()
    return {
        "tone": "info" if device.suspended_for == SuspensionReason.MANUAL else "stop",
        "title": _("“%(device)s” is suspended: %(reason)s") % {"device": device.name, "reason": reason},
        "detail": _("%(door)s · since %(since)s") % {"door": device.access_point.name, "since": since},
        "article": article_name(REASON_ARTICLES.get(device.suspended_for, "")),
        "badge": device.get_state_display(),
        "url": url or reverse("device", args=[facts.tenant.slug, device.pk]),
        "label": label or _("See the device"),
    }


def _alerts(facts: Facts, high: list[Row]) -> Iterator[dict[str, Any]]:
    """Alerts of high severity one by one; the others together, the worse first."""
    url = f"{reverse('alerts', args=[facts.tenant.slug])}?state=new&severity={Severity.HIGH}"
    yield from folded(high, lambda row: _alert(facts, row), what=_("Alerts"), url=url)
    if P.VIEW_ALERTS in facts.tenant.granted:
        yield from _lesser_alerts(facts)


def _alert(facts: Facts, row: Row) -> dict[str, Any]:
    last = date_format(localtime(row.alert.last_at), "DATETIME_FORMAT")
    said = {"about": row.about.text or row.about.code, "count": row.alert.count, "since": last}
    return {
        "tone": "due",
        "title": _("Alert: %(what)s") % {"what": row.words.title},
        "detail": ngettext(
            "%(about)s · %(count)s time · last %(since)s",
            "%(about)s · %(count)s times · last %(since)s",
            row.alert.count,
        )
        % said,
        "article": alert_article(row.words.article),
        "badge": row.alert.get_severity_display(),
        "url": reverse("alert", args=[facts.tenant.slug, row.alert.pk]),
        "label": _("See the alert"),
    }


def _lesser_alerts(facts: Facts) -> Iterator[dict[str, Any]]:
    counted = {severity: count for severity, count in open_alerts(facts.tenant).items() if severity != Severity.HIGH}
    if not counted:
        return
    parts = [
        _("%(severity)s: %(count)s") % {"severity": Severity(s).label, "count": f"{n:,}"} for s, n in counted.items()
    ]
    open_count = sum(counted.values())
    yield {
        "tone": "info",
        "title": ngettext("%(count)s more alert is open", "%(count)s more alerts are open", open_count)
        % {"count": f"{open_count:,}"},
        "detail": " · ".join(parts),
        "article": "",
        "badge": _("Alert"),
        "url": f"{reverse('alerts', args=[facts.tenant.slug])}?state=new",
        "label": _("See the alerts"),
    }


def _alarms(facts: Facts, high: list[Row]) -> Iterator[dict[str, Any]]:
    """What speaks for a stolen or copied key; with no device where a key named none of this property.

    A terminal of which an alert speaks already is not told of a second time.
    """
    stopped = {device.pk for device in facts.suspended if device.suspended_for == SuspensionReason.KEY_COPIED}
    alerted = {row.alert.subject for row in high}
    told = [
        alarm
        for alarm in facts.alarms
        if (alarm.kind != AlarmKind.KEY_COPIED or alarm.device_id not in stopped)
        and f"device:{alarm.device_id}" not in alerted
    ]
    yield from folded(
        sorted(told, key=lambda alarm: connections.tone(alarm) != "stop"),
        lambda alarm: _alarm(facts, alarm),
        what=_("Alarms"),
        url=reverse("devices", args=[facts.tenant.slug]),
    )


def _alarm(facts: Facts, alarm: DeviceAlarm) -> dict[str, Any]:
    devices = reverse("devices", args=[facts.tenant.slug])
    name = alarm.device.name if alarm.device else _("Unknown terminal")
    since = date_format(localtime(alarm.last_at), "DATETIME_FORMAT")
    said = {"advice": connections.ADVICE[alarm.kind], "count": alarm.count, "since": since}
    return {
        # What was sent was refused, so no door stands still for it: red is what stops faces at doors.
        "tone": "due",
        "title": _("“%(device)s”: %(what)s") % {"device": name, "what": alarm.get_kind_display()},
        "detail": ngettext(
            "%(advice)s %(count)s time · last %(since)s", "%(advice)s %(count)s times · last %(since)s", alarm.count
        )
        % said,
        "article": "",
        "badge": _("Alarm"),
        "url": reverse("device", args=[facts.tenant.slug, alarm.device_id]) if alarm.device_id else devices,
        "label": _("See the device"),
    }


def _closed_doors(facts: Facts) -> Iterator[dict[str, Any]]:
    told = {device.access_point_id for device in facts.suspended}
    yield from folded(
        [door for door in facts.closed_doors if door.pk not in told],
        lambda door: _closed_door(facts, door),
        what=_("Doors without another way"),
        url=reverse("premises", args=[facts.tenant.slug]),
    )


def _closed_door(facts: Facts, door: AccessPoint) -> dict[str, Any]:
    manages = P.MANAGE_PREMISES in facts.tenant.granted
    return {
        "tone": "due",
        "title": _("“%(door)s” has no way without a face that works") % {"door": door.name},
        "detail": _("%(zone)s · a card, PIN, QR pass or staffed desk must work at the same door.")
        % {"zone": door.zone.name},
        "article": article_name("Art 10"),
        "badge": _("No other way"),
        "url": reverse("door_edit", args=[facts.tenant.slug, door.pk]) if manages else "",
        "label": _("Record another way"),
    }
