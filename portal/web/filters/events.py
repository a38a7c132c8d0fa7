"""Filters over door events. The devices to choose from are this property's."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property
from tenants.premises.kinds import MethodKind
from tenants.premises.models import Device


class EventFilter(django_filters.FilterSet):
    device = django_filters.ModelChoiceFilter(queryset=Device.objects.none(), label=_("Device"), empty_label=_("All"))
    method = django_filters.ChoiceFilter(choices=MethodKind.choices, label=_("Method"), empty_label=_("All"))
    allowed = django_filters.ChoiceFilter(
        field_name="is_allowed",
        choices=[("True", _("Opened")), ("False", _("Not opened"))],
        label=_("Result"),
        empty_label=_("All"),
    )
    since = django_filters.DateFilter(
        field_name="at", lookup_expr="date__gte", label=_("From"), widget=forms.DateInput(attrs={"type": "date"})
    )
    until = django_filters.DateFilter(
        field_name="at", lookup_expr="date__lte", label=_("Up to"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, tenant: Property, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["device"].queryset = Device.objects.filter(tenant=tenant)
        self.filters["device"].field.label_from_instance = lambda device: device.name
