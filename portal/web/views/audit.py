"""The log of a property: what changed, who read what, and files of it with proof."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from portal.reading import note_read
from portal.security.audit import proofs, standing
from portal.tenancy import TenantPage
from portal.web import sheets
from portal.web.filters.audit import ChangeFilter, ReadFilter
from portal.web.reads import audit as lines
from portal.web.views.manager import ManagerList
from tenants.organizations.roles import Permission
from tenants.organizations.trail import Kind

MOST_ROWS, MOST_PROVED = 10_000, 1_000


class AuditList(ManagerList):
    """What changed. `part` names which half of the log a page is about."""

    permission = Permission.VIEW_AUDIT
    section = "audit"
    template_name = "web/audit/list.html"
    part: ClassVar[str] = "changes"
    title: Any = gettext_lazy("Changes")
    looks_in: Any = gettext_lazy("Beginning of an id")
    filters: ClassVar[Any] = ChangeFilter
    to_rows = staticmethod(lines.changes)
    to_lines = staticmethod(lines.change_lines)

    def get_queryset(self) -> QuerySet[Any]:
        self.filterset = self.filters(self.request.GET, queryset=self.to_rows(self.tenant), tenant=self.tenant)
        return self.filterset.qs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            part=self.part,
            placeholder=self.looks_in,
            standing=standing.last(),
            asked=self.request.GET.urlencode(),
            **kwargs,
        )
        context["lines"] = self.to_lines(context["object_list"])
        return context


class AuditReads(AuditList):
    """Who read what."""

    part = "reads"
    title = gettext_lazy("Reads")
    looks_in = gettext_lazy("Part of an id")
    filters = ReadFilter
    to_rows = staticmethod(lines.reads)
    to_lines = staticmethod(lines.read_lines)


class AuditExport(TenantPage, View):
    """A file of what the filters show: CSV for people, JSON with proofs for whoever checks."""

    permission = Permission.VIEW_AUDIT
    sensitive = True
    http_method_names = ["get"]
    page: ClassVar[type[AuditList]] = AuditList
    table: ClassVar[str] = "auditlog_logentry"

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        page = self.page
        rows = page.filters(request.GET, queryset=page.to_rows(self.tenant), tenant=self.tenant).qs
        as_json = request.GET.get("format") == "json"
        shown = list(rows[: MOST_PROVED if as_json else MOST_ROWS])
        what = f"audit-{page.part}"
        note_read(Kind.EXPORTED, user=request.user, tenant=self.tenant, what=what, count=len(shown))
        if not as_json:
            header = [_("Number"), _("At"), _("What"), _("Who did it"), _("About"), _("Details")]
            return sheets.answer(what, header, (line.cells for line in page.to_lines(shown)))
        response = JsonResponse(proofs.export(self.table, [row.pk for row in shown]))
        response["Content-Disposition"] = f'attachment; filename="{what}.json"'
        response["Cache-Control"] = "no-store"
        return response


class AuditReadsExport(AuditExport):
    page = AuditReads
    table = "security_accessevent"
