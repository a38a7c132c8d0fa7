"""The side navigation of staff pages: what a member may see, grouped by what they think of."""

from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.work.kinds import UNDER_WAY
from tenants.organizations.models import Property, User
from tenants.organizations.news import kinds_for
from tenants.organizations.roles import Permission as P
from tenants.rights.rules import OPEN_STATES

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

# Every page of a member asks this: written out, because the ORM takes longer to say it than PostgreSQL to answer it.
_COUNTS = """SELECT
    (SELECT count(*) FROM premises_device WHERE tenant_id = %(tenant)s AND state <> 'retired') AS devices,
    (SELECT count(*) FROM premises_device WHERE tenant_id = %(tenant)s AND state = 'suspended') AS suspended,
    (SELECT count(*) FROM people_person WHERE tenant_id = %(tenant)s AND erased_at IS NULL) AS people,
    (SELECT count(*) FROM rights_rightsrequest WHERE tenant_id = %(tenant)s AND state = ANY(%(open)s)) AS requests,
    (SELECT count(*) FROM rights_rightsrequest
        WHERE tenant_id = %(tenant)s AND state = ANY(%(open)s) AND due_on < %(today)s) AS overdue,
    (SELECT count(*) FROM rights_complaint WHERE tenant_id = %(tenant)s AND state = 'received') AS complaints,
    (SELECT count(*) FROM rights_complaint
        WHERE tenant_id = %(tenant)s AND state = 'received' AND due_on < %(today)s) AS late_complaints,
    (SELECT count(*) FROM rights_erasure WHERE tenant_id = %(tenant)s AND completed_at IS NULL) AS erasures,
    (SELECT count(*) FROM organizations_emergencyaccess
        WHERE tenant_id = %(tenant)s AND ended_at IS NULL AND ends_at > %(now)s) AS emergencies,
    (SELECT count(*) FROM security_alert WHERE tenant = %(tenant)s AND state = 'new') AS alerts,
    (SELECT count(*) FROM security_alert
        WHERE tenant = %(tenant)s AND state = 'new' AND severity = 'high') AS high_alerts,
    (SELECT count(*) FROM organizations_notification
        WHERE tenant_id = %(tenant)s AND user_id = %(user)s AND read_at IS NULL
        AND kind = ANY(%(told)s)) AS notifications,
    (SELECT count(*) FROM work_job
        WHERE tenant_id = %(tenant)s AND made_by_id = %(user)s AND state = ANY(%(under_way)s)) AS work,
    (SELECT count(*) FROM operations_announcement said
        WHERE starts_at <= %(now)s AND ends_at > %(now)s
        AND (handlers = '{}' OR handlers @> ARRAY[%(handler)s::uuid])
        AND NOT EXISTS (SELECT 1 FROM operations_announcementputaway away
            WHERE away.announcement_id = said.id AND away.user_id = %(user)s)) AS announcements"""


def counts(tenant: Property, user: User) -> dict[str, tuple[int, str]]:
    """Return the figure beside an entry and its tone, by entry. One query; a figure of nothing is left out."""
    asked = {
        "tenant": tenant.pk,
        "handler": tenant.handler_id,
        "user": user.pk,
        "today": timezone.localdate(),
        "now": timezone.now(),
        "open": [state.value for state in OPEN_STATES],
        "told": [kind.value for kind in kinds_for(tenant.granted)],
        "under_way": [state.value for state in UNDER_WAY],
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, asked)
        numbers = dict(zip([column.name for column in cursor.description], cursor.fetchone(), strict=True))
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
