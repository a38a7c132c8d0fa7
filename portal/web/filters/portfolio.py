"""Search, filters and order of the page over all properties."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.web.reads.portfolio import needing_attention, sorted_by
from portal.web.reads.switching import named
from tenants.organizations.kinds import PropertyKind

ORDERS = [
    ("name", _("By name")),
    ("people", _("Most people")),
    ("faces", _("Most faces")),
    ("requests", _("Most open requests")),
    ("devices", _("Most devices")),
]


class PortfolioFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search")
    show = django_filters.ChoiceFilter(
        choices=[("attention", _("Needs attention"))], method="by_need", label=_("Which"), empty_label=_("All")
    )
    kind = django_filters.ChoiceFilter(choices=PropertyKind.choices, label=_("Kind"), empty_label=_("All"))
    sort = django_filters.ChoiceFilter(
        choices=ORDERS, method="unchanged", label=_("Sorted by"), empty_label=_("What needs attention first")
    )

    def search(self, rows: QuerySet[Any], _name: str, words: str) -> QuerySet[Any]:
        return rows.filter(named(words))

    def by_need(self, rows: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        return needing_attention(rows)

    def unchanged(self, rows: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        return rows

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return sorted_by(super().filter_queryset(queryset), self.form.cleaned_data.get("sort") or "attention")
