"""What a rule calls when it rings: one row for each rule and subject until somebody has handled it."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.db.models.functions import Greatest

from portal.security.alerts import answers
from portal.security.alerts.kinds import AlertState
from portal.security.alerts.places import place
from portal.security.alerts.telling import tell
from portal.security.alerts.words import words_of
from portal.security.audit.events import checked
from portal.security.models import Alert

# An alert that rings again after so long a quiet is told again.
QUIET = timedelta(days=1)


def ring(rule: str, tenant_id: uuid.UUID | None, subject: str, facts: Mapping[str, str | int], at: datetime) -> Alert:
    """Write down that a rule has rung; tell those who handle it; return the alert. In a transaction of its own.

    While the alert of this rule and subject is open it rings into the same row. `tenant_id` None is the platform.
    Raises ValueError for a fact that is neither a code nor a count.
    """
    seen = checked(facts)
    with place(tenant_id):
        alert, is_new = _open_one(rule=rule, tenant_id=tenant_id, subject=subject, facts=seen, at=at)
        is_back = not is_new and at - alert.last_at > QUIET
        if not is_new:
            newest: dict[str, Any] = {"facts": seen} if at >= alert.last_at else {}
            Alert.objects.filter(pk=alert.pk).update(count=F("count") + 1, last_at=Greatest("last_at", at), **newest)
            alert.refresh_from_db()
        if is_new:
            answers.give(alert)
        if is_new or is_back:
            tell(alert)
    return alert


def _open_one(
    *, rule: str, tenant_id: uuid.UUID | None, subject: str, facts: Mapping[str, str | int], at: datetime
) -> tuple[Alert, bool]:
    """Return the open alert, made here when there is none; two at once make one, by the table's constraint."""
    return Alert.objects.get_or_create(
        tenant=tenant_id,
        rule=rule,
        subject=subject,
        state=AlertState.NEW,
        defaults={"severity": words_of(rule).severity, "facts": dict(facts), "first_at": at, "last_at": at},
    )
