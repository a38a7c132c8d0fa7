"""Everything that happened to one thing, page by page."""

from typing import Any

from auditlog.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property

from portal.web.reads import histories, timelines
from portal.web.views.manager import ManagerList
from tenants.organizations.roles import Permission
from tenants.people.models import Person
from tenants.people.services.minors import may_see


class History(ManagerList):
    """Each kind of thing has its own right (`reads/histories.py`); a minor's record is opened first."""

    permission = Permission.VIEW_HOME
    template_name = "web/history/history.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if isinstance(self.thing, Person) and not may_see(actor=request.user, person=self.thing):
            return redirect("person_access", self.tenant.slug, self.thing.pk)
        return super().get(request, *args, **kwargs)

    @cached_property
    def thing(self) -> Any:
        kind = histories.KINDS.get(self.kwargs["what"])
        if kind is None:
            raise Http404
        if kind.permission not in self.tenant.granted:
            raise PermissionDenied
        found = histories.find(self.kwargs["what"], self.tenant, self.kwargs["pk"])
        if found is None:
            raise Http404
        return found

    @cached_property
    def known(self) -> dict[str, Model]:
        return {str(row.pk): row for row in histories.KINDS[self.kwargs["what"]].rows(self.thing)}

    def get_rows(self) -> QuerySet[LogEntry]:
        return timelines.entries(tenant=self.tenant, rows=self.known.values())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        kind = histories.KINDS[self.kwargs["what"]]
        items = [item for entry in context["object_list"] for item in timelines.said(entry, self.known)]
        return context | {
            "items": items,
            "title": kind.title,
            "back": kind.page(self.tenant.slug, self.thing),
        }
