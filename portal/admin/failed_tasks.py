"""Tasks that failed for good: looked at, sent again by their ids, or forgotten."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from portal.admin.pages import Danger, PlatformAdmin, ServiceForm
from portal.operations import failures
from portal.operations.models import FailedTask

AGAIN, FORGET = "again", "forget"
SEEN = ["task_told", "error_told", "at", "ids_told", "retried_at", "retried_by"]


class FailedTaskForm(ServiceForm):
    deed = forms.ChoiceField(
        label=_("What now?"),
        choices=[(AGAIN, _("Send it again")), (FORGET, _("Forget it"))],
        help_text=_("A task that is sent again does what is still to be done, and nothing twice."),
    )

    def perform(self, data: dict[str, Any]) -> FailedTask:
        failed = self.fresh()
        if data["deed"] == AGAIN:
            return failures.retry(failed=failed, actor=self.actor)
        failures.forget(failed=failed)
        return failed

    def danger(self, data: dict[str, Any]) -> Danger | None:
        name = {"name": self.instance.task}
        if data["deed"] == AGAIN:
            effects = [_("A worker does it again within seconds. If it fails, it stands in the list anew.")]
            return Danger(_("Send “%(name)s” again?") % name, [*effects], _("Send it again"))
        effects = [_("It leaves this list. What it should have done stays undone, unless a sweep finds it.")]
        return Danger(_("Forget “%(name)s”?") % name, [*effects], _("Forget it"))


class IsOpen(admin.SimpleListFilter):
    title = _("State")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("Nobody has looked at it")), ("again", _("Sent again"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[FailedTask]) -> QuerySet[FailedTask]:
        return queryset.filter(retried_at__isnull=self.value() == "open") if self.value() else queryset


class ByTask(admin.AllValuesFieldListFilter):
    template = "admin/filter_of_codes.html"


class FailedTaskAdmin(PlatformAdmin):
    form = FailedTaskForm
    list_display = ["task_told", "error_told", "at", "retried_at", "retried_by"]
    list_filter = [IsOpen, ("task", ByTask), "at"]
    list_select_related = ["retried_by"]
    search_fields = ["task", "error"]
    ordering = ["-at"]

    @admin.display(description=_("Task"), ordering="task")
    def task_told(self, failed: FailedTask) -> SafeString:
        return format_html("<code>{}</code>", failed.task)

    @admin.display(description=_("Error"), ordering="error")
    def error_told(self, failed: FailedTask) -> SafeString:
        return format_html("<code>{}</code>", failed.error)

    @admin.display(description=_("Ids"))
    def ids_told(self, failed: FailedTask) -> SafeString | str:
        return format_html("<code>{}</code>", ", ".join(str(one) for one in failed.ids)) if failed.ids else "–"

    def name_of(self, row: FailedTask) -> str:
        return date_format(localtime(row.at), "DATETIME_FORMAT")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*SEEN, *(["deed"] if self.has_change_permission(request, obj) else [])]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return SEEN

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One deed, one button: a row that was forgotten has no page to go on with."""
        single = {"show_save_and_continue": False}
        return super().changeform_view(request, object_id, form_url, (extra_context or {}) | single)
