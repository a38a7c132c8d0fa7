"""Search over zones: by their own name or by a door in them."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tenants.premises.kinds import ZoneKind


class ZoneFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search")
    kind = django_filters.ChoiceFilter(choices=ZoneKind.choices, label=_("Kind of place"), empty_label=_("All"))

    def search(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        return rows.filter(Q(name__icontains=text) | Q(access_points__name__icontains=text)).distinct()
