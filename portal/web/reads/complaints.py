"""Complaints with their clock."""

from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tenants.organizations.models import Property, User
from tenants.rights.kinds import ComplaintState
from tenants.rights.models import Complaint
from tenants.rights.rules import add_working_days, working_days_left

SOON_WORKING_DAYS = 5


def tabs(today: date) -> dict[str, Q]:
    """Return the parts of the list. A complaint that is due soon or overdue is open as well."""
    is_open = Q(state=ComplaintState.RECEIVED)
    soon = add_working_days(today, SOON_WORKING_DAYS).on
    return {
        "open": is_open,
        "soon": is_open & Q(due_on__gte=today, due_on__lte=soon),
        "overdue": is_open & Q(due_on__lt=today),
        "closed": ~is_open,
    }


def counts(tenant: Property, today: date) -> dict[str, int]:
    """Return how many complaints each part of the list holds. One query."""
    wanted = {name: Count("pk", filter=condition) for name, condition in tabs(today).items()}
    return Complaint.objects.filter(tenant=tenant).aggregate(**wanted)


def urgent(tenant: Property, today: date) -> QuerySet[Complaint]:
    """Return the open complaints that are overdue, due today, or have waited for five working days."""
    waiting = Q(due_on__lte=today) | Q(escalated_at__isnull=False)
    return Complaint.objects.filter(waiting, tenant=tenant, state=ComplaintState.RECEIVED).order_by("due_on", "number")


def members(tenant: Property) -> QuerySet[User]:
    """Return whom a complaint can be given to."""
    return User.objects.filter(memberships__tenant=tenant, memberships__is_active=True).order_by("name", "email")


def clock(complaint: Complaint, today: date) -> dict[str, Any]:
    """Say how long there is to answer: text and tone. A date past the announced calendar is a lower bound."""
    if complaint.state == ComplaintState.ANSWERED:
        return {"text": complaint.get_state_display(), "tone": "ok"}
    left = working_days_left(today, complaint.due_on)
    if complaint.due_on < today:
        if not complaint.is_due_final:
            return {"text": _("May be overdue"), "tone": "stop"}
        return {"text": _("Overdue by %(days)s working days") % {"days": -left}, "tone": "stop"}
    if complaint.due_on == today:
        text = _("Due today") if complaint.is_due_final else _("Due today at the earliest")
        return {"text": text, "tone": "stop"}
    is_soon = left <= SOON_WORKING_DAYS or complaint.escalated_at is not None
    text = _("%(days)s working days left") if complaint.is_due_final else _("At least %(days)s working days left")
    return {"text": text % {"days": left}, "tone": "due" if is_soon else "neutral"}


def due_sentence(complaint: Complaint) -> str:
    """Say until when it is to be answered; of a year that is not announced yet only the earliest day."""
    day = {"date": date_format(complaint.due_on, "DATE_FORMAT")}
    if complaint.is_due_final:
        return _("To be answered by %(date)s.") % day
    return _("The last day to answer is not before %(date)s; the holidays of that year are not announced yet.") % day
