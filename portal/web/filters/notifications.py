"""Filters over a member's notifications."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tenants.organizations.news import NotificationKind

_READ = [("unread", _("Not read yet")), ("read", _("Read"))]


class NotificationFilter(django_filters.FilterSet):
    read = django_filters.ChoiceFilter(choices=_READ, method="by_read", label=_("State"), empty_label=_("All"))
    kind = django_filters.ChoiceFilter(choices=NotificationKind.choices, label=_("What"), empty_label=_("All"))

    def by_read(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(read_at__isnull=value == "unread")
