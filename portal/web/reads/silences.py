"""Terminals that no longer report: what is withdrawn reaches them only when they speak again (PIPL 47)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from portal.web.reads.today import Facts
from portal.web.reads.todo import folded
from recognition.edge.rules import LEASE
from tenants.clearance.checks import article_name
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device
from tenants.premises.rules.silence import heard_at, is_silent


def silences(facts: Facts) -> Iterator[dict[str, Any]]:
    """Return an item for each active terminal that is silent, the longest silence first. No query."""
    now = timezone.now()
    found = []
    for device, _checks in facts.devices:
        heard = heard_at(last_seen_at=device.last_seen_at, paired_at=device.pairing_used_at)
        if device.state == DeviceState.ACTIVE and heard is not None and is_silent(heard=heard, now=now):
            found.append((heard, device))
    found.sort(key=lambda pair: pair[0])
    yield from folded(
        found,
        lambda pair: _item(facts, *pair, now),
        what=_("Silent devices"),
        url=f"{reverse('devices', args=[facts.tenant.slug])}?state={DeviceState.ACTIVE}",
    )


def _item(facts: Facts, heard: datetime, device: Device, now: datetime) -> dict[str, Any]:
    until = heard + LEASE
    is_over = until < now
    said = {
        "door": device.access_point.name,
        "heard": date_format(localtime(heard), "DATETIME_FORMAT"),
        "until": date_format(localtime(until), "DATETIME_FORMAT"),
    }
    return {
        "tone": "stop" if is_over else "due",
        "title": (_("“%(device)s” is cut off and uses no face") if is_over else _("“%(device)s” is silent"))
        % {"device": device.name},
        "detail": (
            _("%(door)s · last heard %(heard)s. It checks faces again as soon as it reports.")
            if is_over
            else _("%(door)s · last heard %(heard)s. A face withdrawn now may open here until %(until)s.")
        )
        % said,
        "article": article_name("PIPL 47"),
        "badge": _("Cut off") if is_over else _("Silent"),
        "url": reverse("device", args=[facts.tenant.slug, device.pk]),
        "label": _("See the device"),
    }
