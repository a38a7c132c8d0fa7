"""The platform's own log: what changed about handlers, properties, members and accounts."""

from typing import Any

from auditlog.models import LogEntry
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.admin.pages import PlatformAdmin


class LogAdmin(PlatformAdmin):
    """Read only, and only of this room's tables: what happened to people is the property's own log."""

    list_display = ["timestamp", "actor", "content_type", "action", "what"]
    list_filter = ["action"]
    list_select_related = ["actor", "content_type"]
    list_display_links = None
    ordering = ["-timestamp"]

    @admin.display(description=_("Changes"))
    def what(self, entry: LogEntry) -> str:
        changes = entry.changes or {}
        return "; ".join(f"{name}: {values[-1]}" for name, values in changes.items() if isinstance(values, list))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(content_type__app_label="organizations")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
