"""Requests and complaints as lists. A minor who asks stands in them by the code alone."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.web.filters.complaints import ComplaintFilter
from portal.web.filters.requests import RequestFilter
from portal.web.listings.listing import Asker, Column, Listing
from portal.web.reads.due import complaint_clock, request_clock
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission
from tenants.rights.models import Complaint, RightsRequest


def _requests(tenant: Property, _actor: User) -> QuerySet[RightsRequest]:
    return RightsRequest.objects.filter(tenant=tenant).select_related("person__identity", "assigned_to")


def _narrow_requests(rows: QuerySet[Any], query: QueryDict, _tenant: Property, actor: User) -> QuerySet[Any]:
    return RequestFilter(query, queryset=rows, request=Asker(actor)).qs


def _asked_by(row: Any) -> str:
    if row.person is not None and row.person.is_minor:
        return str(row.person.code)
    identity = getattr(row.person, "identity", None)
    return str(getattr(identity, "name", "") or row.name)


def _named(row: Any) -> Any:
    """Whose words these are; nobody's once they are erased."""
    return row.person_id if row.person is not None and row.person.erased_at is None else None


def _due(row: Any) -> Any:
    return row.due_on if row.is_due_final else _now("not before %(day)s") % {"day": row.due_on.isoformat()}


REQUESTS = Listing(
    name="requests",
    title=_("Requests"),
    permission=Permission.VIEW_REQUESTS,
    columns=(
        Column("number", _("Number"), lambda row: row.number, is_kept=True),
        Column("received", _("Received on"), lambda row: timezone.localdate(row.received_at), is_usual=False),
        Column("kind", _("What is asked"), lambda row: row.get_kind_display()),
        Column("who", _("Asked by"), _asked_by),
        Column("due", _("Due"), _due),
        Column("assigned", _("Assigned to"), lambda row: str(row.assigned_to or "")),
        Column("state", _("State"), lambda row: row.get_state_display(), is_usual=False),
        Column("clock", _("Clock"), lambda row: str(request_clock(row, timezone.localdate())["text"])),
    ),
    rows=_requests,
    narrow=_narrow_requests,
    person=_named,
)


def _complaints(tenant: Property, _actor: User) -> QuerySet[Complaint]:
    rows = Complaint.objects.filter(tenant=tenant).select_related("assigned_to", "person")
    return rows.order_by("due_on", "received_at", "pk")


def _narrow_complaints(rows: QuerySet[Any], query: QueryDict, _tenant: Property, _actor: User) -> QuerySet[Any]:
    asked = ComplaintFilter(query, queryset=rows)
    return asked.qs.order_by("-answered_at", "pk") if asked.current == "closed" else asked.qs


COMPLAINTS = Listing(
    name="complaints",
    title=_("Complaints"),
    permission=Permission.VIEW_REQUESTS,
    columns=(
        Column("number", _("Number"), lambda row: row.number, is_kept=True),
        Column("text", _("Complaint"), lambda row: row.text),
        Column("from", _("Complainant"), lambda row: row.name),
        Column("received", _("Received on"), lambda row: timezone.localdate(row.received_at)),
        Column("due", _("Due"), _due),
        Column("assigned", _("Assigned to"), lambda row: str(row.assigned_to or ""), is_usual=False),
        Column("state", _("State"), lambda row: str(complaint_clock(row, timezone.localdate())["text"])),
    ),
    rows=_complaints,
    narrow=_narrow_complaints,
    person=_named,
)
