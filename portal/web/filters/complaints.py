"""The parts of the list of complaints, and search in it."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.web.reads.complaints import tabs

TABS = [
    ("open", _("Open")),
    ("soon", _("Due soon")),
    ("overdue", _("Overdue")),
    ("closed", _("Done")),
    ("all", _("All")),
]
WHOSE = [("named", _("With a name")), ("unnamed", _("Without a name")), ("escalated", _("Escalated"))]


class ComplaintFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search")
    tab = django_filters.ChoiceFilter(choices=TABS, method="by_tab", widget=forms.HiddenInput)
    which = django_filters.ChoiceFilter(choices=WHOSE, method="by_name", label=_("Which"), empty_label=_("All"))

    def search(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        words = value.strip()
        return rows.filter(Q(number__icontains=words) | Q(name__icontains=words) | Q(text__icontains=words))

    def by_tab(self, rows: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        return rows

    def by_name(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        if value == "escalated":
            return rows.filter(escalated_at__isnull=False)
        return rows.filter(name="") if value == "unnamed" else rows.exclude(name="")

    @property
    def current(self) -> str:
        """The part that is shown; the open ones when nothing, or nonsense, was asked for."""
        return self.form.cleaned_data.get("tab") or "open" if self.form.is_valid() else "open"

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return super().filter_queryset(queryset).filter(tabs(timezone.localdate())[self.current])
