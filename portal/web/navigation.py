"""The side navigation of staff pages: what a member may see, grouped by what they think of."""

from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.operations.menu import menu_figures
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission as P

# (group, [(url name, label, icon, permission)])
GROUPS = [
    (
        "",
        [
            ("today", _("Today"), "home", P.VIEW_HOME),
            ("readiness", _("Readiness"), "clipboard-document-check", P.VIEW_HOME),
            ("work", _("Work"), "arrow-path", P.VIEW_HOME),
        ],
    ),
    (
        _("Site"),
        [
            ("premises", _("Zones and doors"), "map", P.VIEW_PREMISES),
            ("devices", _("Devices"), "device-tablet", P.VIEW_PREMISES),
            ("events", _("Door events"), "arrow-right-end-on-rectangle", P.VIEW_EVENTS),
        ],
    ),
    (
        _("People"),
        [
            ("people", _("People"), "users", P.VIEW_PEOPLE),
            ("requests", _("Requests"), "inbox", P.VIEW_REQUESTS),
            ("complaints", _("Complaints"), "megaphone", P.VIEW_REQUESTS),
        ],
    ),
    (
        _("Public and assessed"),
        [
            ("notices", _("Notices"), "document-text", P.VIEW_NOTICES),
            ("assessments", _("Impact assessment"), "scale", P.VIEW_ASSESSMENTS),
        ],
    ),
    (
        _("Kept and proved"),
        [
            ("retention", _("Retention"), "clock", P.VIEW_RETENTION),
            ("erasures", _("Erasures"), "trash", P.VIEW_RETENTION),
            ("evidence", _("Evidence"), "document-check", P.VIEW_RETENTION),
        ],
    ),
    (
        _("Security"),
        [
            ("members", _("Members"), "user-group", P.VIEW_MEMBERS),
            ("tokens", _("API tokens"), "key", P.VIEW_HOME),
            ("webhooks", _("Webhooks"), "paper-airplane", P.MANAGE_PROPERTY),
            ("alerts", _("Alerts"), "bell-alert", P.VIEW_ALERTS),
            ("audit", _("Log"), "queue-list", P.VIEW_AUDIT),
            ("settings", _("Settings"), "cog-6-tooth", P.MANAGE_PROPERTY),
        ],
    ),
]


# After “g”, the letter that leads to an entry (static/js/keys.js).
KEYS = {
    "today": "t",
    "readiness": "r",
    "work": "w",
    "premises": "z",
    "devices": "d",
    "events": "e",
    "people": "p",
    "requests": "q",
    "complaints": "c",
    "notices": "n",
    "assessments": "i",
    "retention": "k",
    "erasures": "x",
    "evidence": "v",
    "members": "m",
    "alerts": "a",
    "audit": "l",
    "settings": "s",
}


def counts(tenant: Property, user: User) -> dict[str, tuple[int, str]]:
    """Return the figure beside an entry and its tone, by entry. One query; a figure of nothing is left out."""
    numbers = menu_figures(tenant, user)
    shown = {
        "devices": (numbers["devices"], "stop" if numbers["suspended"] else ""),
        "people": (numbers["people"], ""),
        "requests": (numbers["requests"], "stop" if numbers["overdue"] else ""),
        "complaints": (numbers["complaints"], "stop" if numbers["late_complaints"] else ""),
        "erasures": (numbers["erasures"], "due"),
        "emergencies": (numbers["emergencies"], "due"),
        "notifications": (numbers["notifications"], "info"),
        "work": (numbers["work"], "info"),
        "announcements": (numbers["announcements"], "info"),
        "alerts": (numbers["alerts"], "stop" if numbers["high_alerts"] else "due"),
    }
    return {name: pair for name, pair in shown.items() if pair[0]}


def navigation(tenant: Property, *, current: str, figures: dict[str, tuple[int, str]]) -> list[dict[str, Any]]:
    """Return the groups with the entries this member may open, with the figures of `counts`."""
    groups = []
    for label, entries in GROUPS:
        items = [
            {
                "label": text,
                "key": KEYS.get(name, ""),
                "url": reverse(name, args=[tenant.slug]),
                "icon": icon,
                "is_current": name == current,
                "count": intcomma(figures[name][0]) if name in figures else "",
                "tone": figures[name][1] if name in figures else "",
            }
            for name, text, icon, permission in entries
            if permission in tenant.granted
        ]
        if items:
            groups.append({"label": label, "items": items})
    return groups
