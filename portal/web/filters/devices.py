"""Search and filters over devices. The zones to choose from are this property's."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Zone, inside


class DeviceFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search")
    state = django_filters.ChoiceFilter(choices=DeviceState.choices, label=_("State"), empty_label=_("All"))
    zone = django_filters.ModelChoiceFilter(
        method="in_zone", queryset=Zone.objects.none(), label=_("Zone"), empty_label=_("All")
    )

    def __init__(self, *args: Any, tenant: Property, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["zone"].queryset = Zone.objects.filter(tenant=tenant).select_related(Zone.CHAIN).in_tree()
        self.filters["zone"].field.label_from_instance = lambda zone: zone.path

    def in_zone(self, rows: QuerySet[Any], _name: str, zone: Zone) -> QuerySet[Any]:
        """A building's devices are those on its floors too."""
        return rows.filter(inside(zone, "access_point__zone__"))

    def search(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        fields = ("name", "vendor", "model", "serial", "access_point__name", "access_point__zone__name")
        wanted = Q()
        for field in fields:
            wanted |= Q(**{f"{field}__icontains": text})
        return rows.filter(wanted)
