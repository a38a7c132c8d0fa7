"""Erasures and door events as lists: a code instead of a name."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.web.filters.erasures import ErasureFilter
from portal.web.filters.events import EventFilter
from portal.web.listings.listing import Column, Listing
from recognition.matching import answers
from recognition.matching.models import DoorEvent
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission
from tenants.rights.models import Erasure


def _erasures(tenant: Property, _actor: User) -> QuerySet[Erasure]:
    rows = Erasure.objects.filter(tenant=tenant).select_related("person", "request")
    return rows.prefetch_related("receipts").order_by("-ordered_at", "pk")


def _narrow_erasures(rows: QuerySet[Any], query: QueryDict, _tenant: Property, _actor: User) -> QuerySet[Any]:
    return ErasureFilter(query, queryset=rows).qs


ERASURES = Listing(
    name="erasures",
    title=_("Erasures"),
    permission=Permission.VIEW_RETENTION,
    columns=(
        Column("ordered", _("Ordered"), lambda row: row.ordered_at, is_kept=True),
        Column("person", _("Person"), lambda row: row.person.code),
        Column("scope", _("What is erased"), lambda row: row.get_scope_display()),
        Column("reason", _("Reason"), lambda row: row.get_reason_display()),
        Column("request", _("Request"), lambda row: row.request.number if row.request else "", on_page=False),
        Column("state", _("State"), lambda row: _now("Complete") if row.completed_at else _now("Pending")),
        Column("completed", _("Completed"), lambda row: row.completed_at, on_page=False),
    ),
    rows=_erasures,
    narrow=_narrow_erasures,
)


def sentence(rule: str) -> Any:
    """Explain why a door answered as it did; a rule that this version does not know is shown as it is."""
    try:
        return answers.sentence(rule)
    except ValueError:
        return rule


def _events(tenant: Property, _actor: User) -> QuerySet[DoorEvent]:
    rows = DoorEvent.objects.filter(tenant=tenant).select_related("device__access_point", "person")
    return rows.order_by("-at", "pk")


def _narrow_events(rows: QuerySet[Any], query: QueryDict, tenant: Property, _actor: User) -> QuerySet[Any]:
    return EventFilter(query, queryset=rows, tenant=tenant).qs


EVENTS = Listing(
    name="events",
    title=_("Door events"),
    permission=Permission.VIEW_EVENTS,
    columns=(
        Column("at", _("At"), lambda row: row.at, is_kept=True),
        Column("door", _("Door"), lambda row: row.device.access_point.name),
        Column("device", _("Device"), lambda row: row.device.name, on_page=False),
        Column("result", _("Result"), lambda row: _now("Opened") if row.is_allowed else _now("Not opened")),
        Column("why", _("Why"), lambda row: str(sentence(row.rule))),
        Column("method", _("Method"), lambda row: row.get_method_display(), on_page=False),
        Column("person", _("Person"), lambda row: row.person.code if row.person else ""),
    ),
    rows=_events,
    narrow=_narrow_events,
)
