"""The parts of the inbox, search in it, and its order."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.web.reads.requests import tabs
from tenants.people.kinds import AgeBand
from tenants.rights.kinds import RequestKind, RequestState
from tenants.rights.rules import OPEN_STATES

TABS = [
    ("open", _("Open")),
    ("mine", _("Mine")),
    ("proof", _("Identity outstanding")),
    ("soon", _("Due soon")),
    ("overdue", _("Overdue")),
    ("escalated", _("Escalated")),
    ("closed", _("Done")),
    ("all", _("All")),
]
ORDERS = {
    "due": ("due_on", "received_at", "pk"),
    "new": ("-received_at", "pk"),
    "old": ("received_at", "pk"),
    "number": ("number", "pk"),
    "closed": ("-closed_at", "pk"),
}


class RequestFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search")
    tab = django_filters.ChoiceFilter(choices=TABS, method="unchanged", widget=forms.HiddenInput)
    kind = django_filters.ChoiceFilter(choices=RequestKind.choices, label=_("What is asked"), empty_label=_("All"))
    state = django_filters.ChoiceFilter(choices=RequestState.choices, label=_("State"), empty_label=_("All"))
    sort = django_filters.ChoiceFilter(
        choices=[("new", _("Newest first")), ("old", _("Oldest first")), ("number", _("By number"))],
        method="unchanged",
        label=_("Sorted by"),
        empty_label=_("What is due first"),
    )

    def search(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        words = value.strip()
        # A hidden minor is found by the number of the request, never by a name.
        grown = Q(person__isnull=True) | Q(person__age_band=AgeBand.ADULT)
        named = grown & (Q(name__icontains=words) | Q(person__identity__name__icontains=words))
        return rows.filter(Q(number__icontains=words) | named)

    def unchanged(self, rows: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        return rows

    def _cleaned(self, name: str) -> str:
        return str(self.form.cleaned_data.get(name) or "") if self.form.is_valid() else ""

    @property
    def current(self) -> str:
        """The part that is shown; without one, or with nonsense, the open ones, or those of the state asked for."""
        if tab := self._cleaned("tab"):
            return tab
        state = self._cleaned("state")
        return "closed" if state and state not in OPEN_STATES else "open"

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        order = self._cleaned("sort") or ("closed" if self.current == "closed" else "due")
        actor = self.request.user if self.request is not None else None
        rows = super().filter_queryset(queryset).filter(tabs(timezone.localdate(), actor)[self.current])
        return rows.order_by(*ORDERS[order])
