"""Impact assessments: write a draft together, sign it for good, see when it is out of date."""

from http import HTTPStatus
from typing import Any

from django.forms import BaseFormSet, Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy
from django.views.generic import View

from portal.tenancy import TenantPage
from portal.web.forms.assessments import AssessmentForm, RiskRows, risks_of
from portal.web.reads import assessments as reads
from portal.web.reads.drafts import theirs
from portal.web.views.manager import ManagerForm, ManagerList, ManagerMixin, ManagerPage
from tenants.organizations.roles import Permission
from tenants.transparency.models import Assessment, AssessmentState, AssessmentTrack
from tenants.transparency.rules.assessments import is_small, keep_until
from tenants.transparency.services import assessments as services


class AssessmentList(ManagerList):
    permission = Permission.VIEW_ASSESSMENTS
    section = "assessments"
    template_name = "web/assessments/list.html"

    def get_rows(self) -> Any:
        return Assessment.objects.filter(tenant=self.tenant).select_related("signed_by", "drafted_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # A draft is always the latest version, so the two latest hold it and the one in force.
        latest = {row.state: row for row in reversed(Assessment.objects.filter(tenant=self.tenant)[:2])}
        current = latest.get(AssessmentState.SIGNED)
        return super().get_context_data(
            current=current,
            draft=latest.get(AssessmentState.DRAFT),
            reasons=reads.staleness(self.tenant, current) if current else [],
            uncovered=reads.uncovered_devices(self.tenant, current) if current else [],
            **kwargs,
        )


class AssessmentDraft(TenantPage, View):
    """Begin the next version, or go on with the one that is open."""

    permission = Permission.MANAGE_ASSESSMENTS
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        draft = services.start_draft(tenant=self.tenant, actor=request.user)
        # Words that outlived their draft go on to this one as they were sent, and meet what stands there.
        return redirect("assessment_edit", self.tenant.slug, draft.pk, preserve_request="seen" in request.POST)


class OneAssessment(ManagerMixin):
    """A page about the assessment that the address names."""

    section = "assessments"

    @cached_property
    def assessment(self) -> Assessment:
        rows = Assessment.objects.filter(tenant=self.tenant).select_related("signed_by", "drafted_by")
        return get_object_or_404(rows.prefetch_related("risks", "contributions__user"), pk=self.kwargs["pk"])

    def address(self, name: str) -> str:
        return reverse(name, args=[self.tenant.slug, self.assessment.pk])

    def get_success_url(self) -> str:
        return self.address("assessment")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contributors = [contribution.user for contribution in self.assessment.contributions.all()]
        return super().get_context_data(assessment=self.assessment, contributors=contributors, **kwargs)


class DraftOnly(OneAssessment):
    """A signed assessment never changes: its pages of change lead to the assessment itself."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.assessment.state != AssessmentState.DRAFT:
            return redirect(self.address("assessment"))
        return super().get(request, *args, **kwargs)  # type: ignore[misc] - mixed into a View


class AssessmentPage(OneAssessment, ManagerPage):
    """A version as it is, with its fingerprint; for the one in force, whether it is still enough."""

    permission = Permission.VIEW_ASSESSMENTS
    template_name = "web/assessments/assessment.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        assessment, risks = self.assessment, list(self.assessment.risks.all())
        current = services.current(self.tenant)
        is_current = current is not None and current.pk == assessment.pk
        is_signed = assessment.state == AssessmentState.SIGNED
        return super().get_context_data(
            items=reads.items(assessment),
            annex=reads.annex(assessment) if assessment.track == AssessmentTrack.SMALL else [],
            scope=reads.scope_rows(assessment.scope),
            risks=reads.risk_rows(risks),
            matrix=reads.matrix(risks),
            is_current=is_current,
            is_intact=is_signed and reads.is_intact(assessment),
            reasons=reads.staleness(self.tenant, assessment) if is_current else [],
            uncovered=reads.uncovered_devices(self.tenant, assessment) if is_current else [],
            keep_until=keep_until(assessment.covers_until),
            incidents=reads.incidents(assessment),
            **kwargs,
        )


class AssessmentEdit(DraftOnly, ManagerForm):
    """One page, five steps. Whoever saves second sees what the first one wrote, and loses nothing."""

    permission = Permission.MANAGE_ASSESSMENTS
    template_name = "web/assessments/edit.html"
    form_class = AssessmentForm
    done = gettext_lazy("The draft was saved.")

    def get_initial(self) -> dict[str, Any]:
        written = {field: getattr(self.assessment, field) for field in services.WRITTEN}
        return written | {"seen": self.assessment.revision}

    @cached_property
    def rows(self) -> BaseFormSet:
        if self.request.method == "POST":
            # Compared with nothing: what is stored may not be what the writer had before them.
            return RiskRows(self.request.POST, prefix="risks")
        return RiskRows(prefix="risks", initial=[risk.values for risk in self.assessment.risks.all()])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Where there is no such draft any more, what was typed stays on the page, to begin the next one with."""
        if Assessment.objects.filter(tenant=self.tenant, pk=self.kwargs["pk"]).exists():
            return super().post(request, *args, **kwargs)
        self.assessment = Assessment(tenant=self.tenant, pk=self.kwargs["pk"], version=0)
        context = self.get_context_data(form=self.get_form(), is_gone=True)
        return self.render_to_response(context, status=HTTPStatus.NOT_FOUND)

    def form_valid(self, form: Form) -> HttpResponse:
        return super().form_valid(form) if self.rows.is_valid() else self.form_invalid(form)

    def perform(self, data: dict[str, Any]) -> Assessment:
        return services.edit(
            tenant=self.tenant,
            assessment=self.assessment,
            actor=self.request.user,
            risks=risks_of(self.rows),
            **data,
        )

    def form_invalid(self, form: AssessmentForm) -> HttpResponse:
        """The next press of the button overwrites knowingly: both texts are on the page by then."""
        if form.has_error("__all__", "edited_meanwhile"):
            saved = Assessment.objects.filter(tenant=self.tenant).get(pk=self.assessment.pk)
            form.data = form.data.copy()
            form.data["seen"] = str(saved.revision)
            form.theirs = theirs(saved, typed=form.cleaned_data, rows=risks_of(self.rows))
        return super().form_invalid(form)

    def get_success_url(self) -> str:
        may_sign = Permission.SIGN_ASSESSMENTS in self.tenant.granted
        steps = {
            "finish": self.address("assessment_sign" if may_sign else "assessment"),
            "row": f"{self.address('assessment_edit')}#risks",
        }
        return steps.get(self.request.POST.get("next", ""), self.address("assessment_edit"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = reads.people_count(self.tenant)
        return super().get_context_data(
            rows=self.rows,
            steps=reads.steps(self.assessment),
            scope=reads.scope_rows(self.assessment.scope),
            people=people,
            is_small=is_small(people),
            incidents=reads.incidents(services.current(self.tenant)),
            **kwargs,
        )
