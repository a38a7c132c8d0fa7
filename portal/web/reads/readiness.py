"""How ready the property is: one row per duty, with its article and today's answer."""

from typing import Any

from django.utils.translation import gettext as _

from portal.web.reads.devices import article
from portal.web.reads.today import Facts
from tenants.premises.kinds import DeviceState


def readiness(facts: Facts) -> list[dict[str, Any]]:
    """Return rows {title, article, tone, text}."""
    private = sum(
        device.access_point.zone.is_private and device.state == DeviceState.ACTIVE for device, _checks in facts.devices
    )
    handler = facts.tenant.handler
    doors = len(facts.closed_doors)
    overdue, waiting = facts.requests["overdue"], facts.erasures["waiting"]
    return [
        _row(_("The notice is public and complete"), "Art 5", facts.notice is not None, _("Not published")),
        _row(_("The notice names where faces are stored"), "Art 8", facts.notice_fits, _("Not told")),
        _row(_("The company can be reached"), "Art 5", bool(handler.contact_phone.strip()), _("No contact")),
        _row(_("Every door has another way that works"), "Art 10", not doors, _("%(count)s doors") % {"count": doors}),
        _row(_("No device in a private place"), "Art 13", not private, _("%(count)s devices") % {"count": private}),
        _row(_("Requests are answered in time"), "PIPL 50", not overdue, _("%(count)s overdue") % {"count": overdue}),
        _row(
            _("Erasures are complete"), "PIPL 47", not waiting, _("%(count)s waiting") % {"count": waiting}, tone="due"
        ),
    ]


def _row(title: str, name: str, holds: bool, otherwise: str, *, tone: str = "stop") -> dict[str, Any]:
    return {
        "title": title,
        "article": article(name),
        "holds": holds,
        "tone": "ok" if holds else tone,
        "text": _("Holds") if holds else otherwise,
    }
