"""The side navigation of staff pages: what a member may see, grouped by what they think of."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property
from tenants.organizations.roles import Permission as P

# (group, [(url name, label, icon, permission)])
GROUPS = [
    ("", [("today", _("Today"), "home", P.VIEW_HOME)]),
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
        ],
    ),
    (_("Public and assessed"), [("notices", _("Notices"), "document-text", P.VIEW_NOTICES)]),
    (
        _("Kept and proved"),
        [
            ("retention", _("Retention"), "clock", P.VIEW_RETENTION),
            ("erasures", _("Erasures"), "trash", P.VIEW_RETENTION),
        ],
    ),
    (
        _("Security"),
        [
            ("members", _("Members"), "user-group", P.VIEW_MEMBERS),
            ("settings", _("Settings"), "cog-6-tooth", P.MANAGE_PROPERTY),
        ],
    ),
]


def navigation(tenant: Property, *, current: str) -> list[dict[str, Any]]:
    """Return the groups with the entries this member may open."""
    groups = []
    for label, entries in GROUPS:
        items = [
            {"label": text, "url": reverse(name, args=[tenant.slug]), "icon": icon, "is_current": name == current}
            for name, text, icon, permission in entries
            if permission in tenant.granted
        ]
        if items:
            groups.append({"label": label, "items": items})
    return groups
