"""The figures beside the menu, for one member of one property."""

from typing import Any

from django.db import connection
from django.utils import timezone

from portal.work.kinds import UNDER_WAY
from tenants.organizations.models import Property, User
from tenants.organizations.news import kinds_for
from tenants.rights.rules import OPEN_STATES

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


def menu_figures(tenant: Property, user: User) -> dict[str, int]:
    """Return how many there are of each thing that the menu counts. One query."""
    asked: dict[str, Any] = {
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
        return dict(zip([column.name for column in cursor.description], cursor.fetchone(), strict=True))
