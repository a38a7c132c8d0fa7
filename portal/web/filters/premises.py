"""Search over zones: by their own name or by a door in them."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tenants.premises.kinds import ZoneKind
from tenants.premises.models import AccessPoint


class ZoneFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search")
    kind = django_filters.ChoiceFilter(choices=ZoneKind.choices, label=_("Kind of place"), empty_label=_("All"))

    def search(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        door = AccessPoint.objects.filter(zone=OuterRef("pk"), name__icontains=text)
        return rows.filter(Q(name__icontains=text) | Exists(door))
