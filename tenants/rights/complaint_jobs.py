"""What beat does with complaints: after five working days without an answer, one is everybody's."""

import logging
from datetime import date, timedelta

from django.utils import timezone

from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.rights.kinds import ComplaintState
from tenants.rights.models import Complaint
from tenants.rights.rules import add_working_days
from tenants.rights.rules.clocks import ESCALATION_DAYS

logger = logging.getLogger(__name__)


def sweep_complaints() -> int:
    """Escalate in every property what waits for its answer too long; return how many. Running twice changes nothing."""
    escalated = 0
    for tenant_id in Property.objects.order_by("pk").values_list("pk", flat=True):
        try:
            with tenant_context(tenant_id):
                escalated += _escalate()
        except Exception:
            # One bad property does not keep the others waiting.
            logger.exception("The complaints of property %s could not be swept.", tenant_id)
    return escalated


def _escalate() -> int:
    today = timezone.localdate()
    waiting = Complaint.objects.filter(
        state=ComplaintState.RECEIVED,
        escalated_at__isnull=True,
        # Five working days are five days at least: what is younger is not even read.
        received_at__date__lte=today - timedelta(days=ESCALATION_DAYS),
    )
    rows = waiting.select_for_update(skip_locked=True, of=("self",))
    late = [row for row in rows if is_to_escalate(timezone.localdate(row.received_at), today)]
    for row in late:
        row.escalated_at = timezone.now()
        row.save(update_fields=["escalated_at"])
    return len(late)


def is_to_escalate(received_on: date, today: date) -> bool:
    """Say whether five working days have passed since a Beijing day; day 0 does not count."""
    return add_working_days(received_on, ESCALATION_DAYS).on <= today
