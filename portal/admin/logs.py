"""The platform's own log: what changed about handlers, properties, members, accounts, failed tasks, announcements."""

from typing import Any

from auditlog.models import LogEntry
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.admin.pages import PlatformAdmin


class LogAdmin(PlatformAdmin):
    """Read only, and only of this room's tables: what happened to people is the property's own log."""

    list_display = ["timestamp", "who", "content_type", "action", "what"]
    list_filter = ["action"]
    list_select_related = ["actor", "content_type"]
    list_display_links = None
    ordering = ["-timestamp"]

    @admin.display(description=_("Who did it"))
    def who(self, entry: LogEntry) -> str:
        """A member of staff, or the command, worker or token that stands in for nobody."""
        if entry.actor:
            return str(entry.actor)
        named = str((entry.additional_data or {}).get("actor", ""))
        kind, _colon, name = named.partition(":")
        return str(_("Command line: %(name)s") % {"name": name}) if kind == "command" else named or "–"

    @admin.display(description=_("Changes"))
    def what(self, entry: LogEntry) -> str:
        changes = entry.changes or {}
        return "; ".join(f"{name}: {values[-1]}" for name, values in changes.items() if isinstance(values, list))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(content_type__app_label__in=("organizations", "operations"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
