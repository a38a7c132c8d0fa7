"""Filters over erasures."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tenants.rights.kinds import ErasureReason


class ErasureFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        choices=[("pending", _("Pending")), ("complete", _("Complete"))],
        method="by_state",
        label=_("State"),
        empty_label=_("All"),
    )
    reason = django_filters.ChoiceFilter(choices=ErasureReason.choices, label=_("Reason"), empty_label=_("All"))

    def by_state(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(completed_at__isnull=value == "pending")
