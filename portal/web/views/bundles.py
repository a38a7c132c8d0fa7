"""Evidence bundles: the people by their codes, and one file for each, made when it is downloaded."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db.models import Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from portal.reading import note_read
from portal.web import bundle_files
from portal.web.filters.evidence import EvidenceFilter
from portal.web.views.manager import ManagerList, ManagerPage
from tenants.organizations.roles import Permission
from tenants.organizations.trail import Kind
from tenants.people.models import Person
from tenants.people.services import minors


class EvidenceList(ManagerList):
    """Everybody who was asked or answered, also who was erased since. No name: an auditor reads this page."""

    permission = Permission.VIEW_RETENTION
    section = "evidence"
    template_name = "web/evidence/list.html"
    filterset_class = EvidenceFilter

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        count = len(context["object_list"])
        note_read(Kind.EVIDENCE_READ, user=self.request.user, tenant=self.tenant, count=count)
        return context

    def get_rows(self) -> QuerySet[Person]:
        rows = Person.objects.filter(tenant=self.tenant).annotate(answered_at=Min("consents__decided_at"))
        return rows.filter(Q(answered_at__isnull=False) | Q(erased_at__isnull=False)).order_by("-created_at", "pk")


class EvidenceBundle(ManagerPage):
    """What the file holds, and the button that makes it. A minor's needs a second member first (Minors Reg. 36)."""

    permission = Permission.VIEW_RETENTION
    sensitive = True
    section = "evidence"
    template_name = "web/evidence/bundle.html"

    @cached_property
    def person(self) -> Person:
        rows = Person.objects.filter(tenant=self.tenant).select_related("tenant__handler")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            person=self.person,
            consents=self.person.consents.count(),
            erasures=self.person.erasures.count(),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = self.person
        try:
            minors.record_opening(actor=request.user, person=person)
            archive = bundle_files.bundle(person)
        except ValidationError as closed:
            for sentence in closed.messages:
                messages.error(request, sentence)
            return redirect("evidence_bundle", self.tenant.slug, person.pk)
        except ImproperlyConfigured:
            messages.error(request, _("This server has no key to sign with. Tell the platform's administration."))
            return redirect("evidence_bundle", self.tenant.slug, person.pk)
        subject = f"person:{person.pk}"
        note_read(Kind.EXPORTED, user=request.user, tenant=self.tenant, subject=subject, what="bundle")
        response = HttpResponse(archive, content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="{bundle_files.name(person)}"'
        response["Cache-Control"] = "no-store"
        return response
