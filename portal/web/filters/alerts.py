"""Filters over alerts and over the messages about them."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from portal.security.alerts.kinds import AlertState, Channel, DeliveryState, Severity
from portal.security.detection.rules import RULES
from portal.security.webhooks.events import Event

_DATE = forms.DateInput(attrs={"type": "date"})
_RULES = [(rule.code, rule.title) for rule in RULES.values()]


class AlertFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="subject", lookup_expr="contains")
    state = django_filters.ChoiceFilter(choices=AlertState.choices, label=_("State"), empty_label=_("All"))
    severity = django_filters.ChoiceFilter(choices=Severity.choices, label=_("Severity"), empty_label=_("All"))
    rule = django_filters.ChoiceFilter(choices=_RULES, label=_("What"), empty_label=_("All"))
    since = django_filters.DateFilter(field_name="last_at", lookup_expr="date__gte", label=_("From"), widget=_DATE)
    until = django_filters.DateFilter(field_name="first_at", lookup_expr="date__lte", label=_("Up to"), widget=_DATE)


class DeliveryFilter(django_filters.FilterSet):
    channel = django_filters.ChoiceFilter(choices=Channel.choices, label=_("Channel"), empty_label=_("All"))
    state = django_filters.ChoiceFilter(choices=DeliveryState.choices, label=_("State"), empty_label=_("All"))
    event = django_filters.ChoiceFilter(choices=Event.choices, label=_("Event"), empty_label=_("All"))
