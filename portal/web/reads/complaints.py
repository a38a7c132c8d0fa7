"""The parts of the list of complaints."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from portal.web.reads.due import SOON_WORKING_DAYS
from tenants.organizations.models import Property
from tenants.rights.kinds import ComplaintState
from tenants.rights.models import Complaint
from tenants.rights.rules import add_working_days


def tabs(today: date) -> dict[str, Q]:
    """Return the parts of the list. A complaint that is due soon or overdue is open as well."""
    is_open = Q(state=ComplaintState.RECEIVED)
    soon = add_working_days(today, SOON_WORKING_DAYS).on
    return {
        "open": is_open,
        "soon": is_open & Q(due_on__gte=today, due_on__lte=soon),
        "overdue": is_open & Q(due_on__lt=today),
        "closed": ~is_open,
        "all": Q(),
    }


def counts(tenant: Property, today: date) -> dict[str, int]:
    """Return how many complaints each part of the list holds. One query."""
    wanted = {name: Count("pk", filter=condition) for name, condition in tabs(today).items()}
    return Complaint.objects.filter(tenant=tenant).aggregate(**wanted)


def urgent(tenant: Property, today: date) -> QuerySet[Complaint]:
    """Return the open complaints that are overdue, due today, or have waited for five working days."""
    waiting = Q(due_on__lte=today) | Q(escalated_at__isnull=False)
    return Complaint.objects.filter(waiting, tenant=tenant, state=ComplaintState.RECEIVED).order_by("due_on", "number")
