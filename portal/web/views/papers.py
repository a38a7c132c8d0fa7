"""The desk path: print a sheet with one question, let the person sign, hand the scan in."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.views.generic import View

from portal.reading import note_read
from portal.web.forms.people import PaperConsentForm
from portal.web.reads.ways import doors_of
from portal.web.views.manager import ManagerForm, ManagerPage
from portal.web.views.people import OnePerson
from tenants.organizations.kinds import StorageMode
from tenants.organizations.roles import Permission
from tenants.organizations.trail import Kind
from tenants.people.kinds import AgeBand, ConsentPurpose
from tenants.people.models import Consent, Guardian, PaperForm
from tenants.people.rules.consents import required_purposes
from tenants.people.rules.papers import scan_type
from tenants.people.services.consents import ends_on_of
from tenants.people.services.minors import may_see, record_opening
from tenants.rights.services.withdrawals import answer_on_paper
from tenants.transparency.models import Notice

# Who hands in a sheet of a year ago finds its version; a longer list would hide it.
SHOWN = 10


class OnPaper(OnePerson):
    """What the sheet and its form share."""

    permission = Permission.MANAGE_PEOPLE

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            notice=Notice.objects.filter(tenant=self.tenant).current(),
            is_child=self.person.band == AgeBand.UNDER_14,
            **kwargs,
        )


class PersonPaper(OnPaper, ManagerForm):
    """Staff hand in what was signed; they cannot answer. One sheet, one purpose, one answer."""

    template_name = "web/people/paper.html"
    form_class = PaperConsentForm
    done = gettext_lazy("The signed answer is recorded, with your name as the one who assisted.")

    def get_form_kwargs(self) -> dict[str, Any]:
        guardians = Guardian.objects.filter(child=self.person, ended_at__isnull=True).select_related(
            "guardian__identity"
        )
        return super().get_form_kwargs() | {
            "notices": Notice.objects.filter(pk__in=[notice.pk for notice in self._notices()]),
            "purposes": required_purposes(self.tenant.storage_mode),
            "guardians": guardians if self.person.band == AgeBand.UNDER_14 else Guardian.objects.none(),
        }

    def _notices(self) -> list[Notice]:
        """The versions that a sheet may bear, for staff to say which: none is taken for granted."""
        return list(Notice.objects.filter(tenant=self.tenant).once_in_force()[:SHOWN])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sheets = [
            (purpose.label, reverse("person_sheet", args=[self.tenant.slug, self.person.pk, purpose.value]))
            for purpose in required_purposes(self.tenant.storage_mode)
        ]
        return super().get_context_data(sheets=sheets, **kwargs)

    def perform(self, data: dict[str, Any]) -> Consent:
        return answer_on_paper(tenant=self.tenant, person=self.person, assisted_by=self.request.user, **data)

    def get_success_url(self) -> str:
        return reverse("person", args=[self.tenant.slug, self.person.pk])


class PersonSheet(OnPaper, ManagerPage):
    """The sheet to print: the whole notice, one question, two equal boxes, a signature."""

    template_name = "web/people/sheet.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        purpose = self.kwargs["purpose"]
        if purpose not in required_purposes(self.tenant.storage_mode):
            raise Http404
        kwargs["purpose"] = ConsentPurpose(purpose)
        context = super().get_context_data(
            holds_until=ends_on_of(tenant=self.tenant, person=self.person),
            doors=doors_of(self.tenant),
            is_portal=self.tenant.storage_mode == StorageMode.PORTAL,
            today=timezone.localdate(),
            language=get_language(),
            **kwargs,
        )
        if context["notice"] is None:
            raise Http404
        return context


class Scan(OnePerson, View):
    """The scan of a signed sheet, as it was handed in; never kept by a browser or shown inside a page."""

    permission = Permission.MANAGE_PEOPLE
    shows_identity = False

    @property
    def person(self) -> Any:
        return self._paper.person

    @property
    def _paper(self) -> PaperForm:
        rows = PaperForm.objects.filter(tenant=self.tenant).select_related("person__tenant")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        paper = self._paper
        scan = bytes(paper.scan)
        kind = scan_type(scan)
        if kind is None or not may_see(actor=request.user, person=paper.person):
            raise Http404
        # The sheet bears a name: it is opened as the record is (Minors Reg. 36).
        record_opening(actor=request.user, person=paper.person)
        note_read(Kind.EVIDENCE_READ, user=request.user, tenant=self.tenant, subject=f"paperform:{paper.pk}")
        response = HttpResponse(scan, content_type=kind)
        response["Content-Disposition"] = f'attachment; filename="sheet-{paper.pk.hex[:8]}.{kind.split("/")[-1]}"'
        response["Cache-Control"] = "no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response
