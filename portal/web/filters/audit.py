"""Filters over the log: what happened, who did it, to what, and when."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.log_words.fields import ACTIONS
from tenants.organizations.models import Property, User
from tenants.organizations.trail import OF_NO_PROPERTY, Kind

_DATE = forms.DateInput(attrs={"type": "date"})


class _AuditFilter(django_filters.FilterSet):
    """Members to choose from are this property's, also former ones."""

    who = django_filters.ModelChoiceFilter(
        queryset=User.objects.none(), method="by", label=_("Who did it"), empty_label=_("All")
    )

    def __init__(self, *args: Any, tenant: Property, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["who"].queryset = User.objects.filter(memberships__tenant=tenant).order_by("email")

    def by(self, rows: QuerySet[Any], _name: str, member: User) -> QuerySet[Any]:
        raise NotImplementedError


class ChangeFilter(_AuditFilter):
    q = django_filters.CharFilter(field_name="object_pk", lookup_expr="startswith")
    action = django_filters.ChoiceFilter(choices=ACTIONS, label=_("What"), empty_label=_("All"))
    since = django_filters.DateFilter(field_name="timestamp", lookup_expr="date__gte", label=_("From"), widget=_DATE)
    until = django_filters.DateFilter(field_name="timestamp", lookup_expr="date__lte", label=_("Up to"), widget=_DATE)

    def by(self, rows: QuerySet[Any], _name: str, member: User) -> QuerySet[Any]:
        return rows.filter(actor=member)


class ReadFilter(_AuditFilter):
    q = django_filters.CharFilter(field_name="subject", lookup_expr="contains")
    kind = django_filters.ChoiceFilter(
        choices=[kind for kind in Kind.choices if kind[0] not in OF_NO_PROPERTY], label=_("What"), empty_label=_("All")
    )
    since = django_filters.DateFilter(field_name="at", lookup_expr="date__gte", label=_("From"), widget=_DATE)
    until = django_filters.DateFilter(field_name="at", lookup_expr="date__lte", label=_("Up to"), widget=_DATE)

    def by(self, rows: QuerySet[Any], _name: str, member: User) -> QuerySet[Any]:
        return rows.filter(Q(actor=f"user:{member.pk}") | Q(actor__startswith="token:", facts__user=str(member.pk)))
