"""Long work of a member: the list, one piece with how far it is, its end, and its file."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import View

from portal.tenancy import TenantPage
from portal.web import workbooks
from portal.web.reads import work as reads
from portal.web.views.manager import ManagerList, ManagerPage, press
from portal.work import runners, services
from portal.work.kinds import UNDER_WAY
from portal.work.models import Job
from tenants.organizations.models import Property
from tenants.organizations.roles import Permission

PROGRESS, UNDER_WAY_PART = "progress", "under-way"
MEDIA_TYPES = {"xlsx": workbooks.MEDIA_TYPE, "csv": "text/csv; charset=utf-8", "zip": "application/zip"}


class WorkList(ManagerList):
    """What is under way, asked for again every five seconds, and what this member had done, newest first.

    Nobody sees another member's jobs. Photos handed in and packages are seen by whoever sees their own pages.
    """

    permission = Permission.VIEW_HOME
    section = "work"
    template_name = "web/work/list.html"

    def get_rows(self) -> QuerySet[Job]:
        over = Job.objects.filter(tenant=self.tenant, made_by=self.request.user)
        return over.exclude(state__in=UNDER_WAY)

    @cached_property
    def under_way(self) -> list[reads.UnderWay]:
        return reads.under_way(self.tenant, self.request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_part = request.htmx and request.htmx.target == UNDER_WAY_PART
        if is_part:
            self.template_name = "web/work/_under_way.html"
        response = super().get(request, *args, **kwargs)
        if is_part and str(len(self.under_way)) != request.GET.get("shown"):
            response["HX-Refresh"] = "true"  # something ended, and stands further down now
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(under_way=self.under_way, **kwargs)
        for job in context["object_list"]:
            reads.explain(job)
        return context


class OneJob(TenantPage):
    """A page about the member's own job that the address names."""

    permission = Permission.VIEW_HOME
    request: HttpRequest
    kwargs: dict[str, Any]
    tenant: Property

    @cached_property
    def job(self) -> Job:
        rows = Job.objects.filter(tenant=self.tenant, made_by=self.request.user)
        return reads.explain(get_object_or_404(rows, pk=self.kwargs["pk"]))

    @property
    def address(self) -> str:
        return reverse("job", args=[self.tenant.slug, self.kwargs["pk"]])


class JobPage(OneJob, ManagerPage):
    """Asks again every two seconds while the work is under way; without scripts a button looks again."""

    section = "work"
    template_name = "web/work/job.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_part = request.htmx and request.htmx.target == PROGRESS
        if is_part:
            self.template_name = "web/work/_progress.html"
        response = super().get(request, *args, **kwargs)
        if is_part and not self.job.is_under_way:
            response["HX-Refresh"] = "true"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(job=self.job, **kwargs)


class JobCancel(OneJob, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        job = self.job
        press(request, lambda: services.cancel(job=job))
        return HttpResponseRedirect(self.address)


class JobFile(OneJob, View):
    """The file, for a day, to whoever ordered it and still has the right to its list."""

    sensitive = True
    http_method_names = ["get"]

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        job = self.job
        if runners.find(job.kind, job.what).permission not in self.tenant.granted:
            raise PermissionDenied
        name = job.file_name
        try:
            content = services.open_file(tenant=self.tenant, job=job, actor=request.user)
        except ValidationError as broken:
            messages.error(request, " ".join(broken.messages))
            return HttpResponseRedirect(self.address)
        kind = MEDIA_TYPES[name.rpartition(".")[2]]
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
        return HttpResponse(content, content_type=kind, headers=headers)
