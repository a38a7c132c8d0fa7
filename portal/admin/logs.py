"""The platform's own log: what changed about handlers, properties, members, accounts, failed tasks, announcements."""

from typing import Any

from auditlog.models import LogEntry
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.admin.pages import PlatformAdmin
from portal.admin.showing import shown, shown_together
from portal.log_words.facts import subject_said
from portal.log_words.fields import ACTIONS, action_in_words, changed, model_name
from portal.log_words.said import Said


class Did(admin.SimpleListFilter):
    """auditlog's own words for what was done are English."""

    title = _("What")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(action), words) for action, words in ACTIONS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
        return queryset.filter(action=self.value()) if self.value() else queryset


class LogAdmin(PlatformAdmin):
    """Read only, and only of this room's tables: what happened to people is the property's own log."""

    list_display = ["at", "who", "about", "did", "what"]
    list_filter = [Did]
    list_select_related = ["actor", "content_type"]
    list_display_links = None
    ordering = ["-timestamp"]

    @admin.display(description=_("At"), ordering="timestamp")
    def at(self, entry: LogEntry) -> Any:
        return entry.timestamp

    @admin.display(description=_("Who did it"))
    def who(self, entry: LogEntry) -> SafeString | str:
        """A member of staff, or the command, worker or token that stands in for nobody."""
        if entry.actor:
            return str(entry.actor)
        named = str((entry.additional_data or {}).get("actor", ""))
        kind, _colon, name = named.partition(":")
        if kind == "command":
            return shown(Said("", name, str(_("Command line"))))
        return shown(subject_said(named)) if named else "–"

    @admin.display(description=_("About"), ordering="content_type")
    def about(self, entry: LogEntry) -> str:
        model = entry.content_type.model_class()
        return model_name(model) if model else entry.content_type.model

    @admin.display(description=_("What"), ordering="action")
    def did(self, entry: LogEntry) -> str:
        return action_in_words(entry)

    @admin.display(description=_("Changes"))
    def what(self, entry: LogEntry) -> SafeString | str:
        model = entry.content_type.model_class()
        is_new = entry.action == LogEntry.Action.CREATE
        return shown_together(changed(model, entry.changes or {}, is_new=is_new) if model else [])

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(content_type__app_label__in=("organizations", "operations"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
