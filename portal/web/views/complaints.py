"""Complaints in the house: the list, one with what happened, its answer, who looks after it, whose it is."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from portal.web.filters.complaints import TABS, ComplaintFilter
from portal.web.filters.people import matching
from portal.web.forms.complaints import AnswerForm
from portal.web.forms.requests import AssignForm, ConfirmForm
from portal.web.listings.requests import COMPLAINTS
from portal.web.reads import complaints as reads
from portal.web.reads.due import complaint_clock
from portal.web.reads.request_pages import members_who_answer
from portal.web.reads.requests import candidates
from portal.web.undo import Act, Note, offer
from portal.web.views.lists import ClockList
from portal.web.views.manager import ManagerForm, ManagerMixin, ManagerPage
from tenants.organizations.roles import Permission
from tenants.rights.authorities import authorities_of
from tenants.rights.kinds import ComplaintState
from tenants.rights.models import Complaint
from tenants.rights.services import complaints

CANDIDATES = 20


class ComplaintList(ClockList):
    listing = COMPLAINTS
    permission = Permission.VIEW_REQUESTS
    section = "complaints"
    template_name = "web/complaints/list.html"
    filterset_class = ComplaintFilter
    tabs = TABS

    def get_queryset(self) -> QuerySet[Complaint]:
        rows = super().get_queryset()
        return rows.order_by("-answered_at", "pk") if self.filterset.current == "closed" else rows

    def get_counts(self, today: date) -> dict[str, int]:
        return reads.counts(self.tenant, today)

    def get_clock(self, row: Complaint, today: date) -> dict[str, Any]:
        return complaint_clock(row, today)


class OneComplaint(ManagerMixin):
    """A page about the complaint that the address names."""

    section = "complaints"

    @cached_property
    def complaint(self) -> Complaint:
        rows = Complaint.objects.filter(tenant=self.tenant).select_related("assigned_to", "answered_by", "person")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            complaint=self.complaint,
            complaint_url=self.get_success_url(),
            clock=complaint_clock(self.complaint, timezone.localdate()),
            is_open=self.complaint.state == ComplaintState.RECEIVED,
            authorities=authorities_of(self.tenant),
            **kwargs,
        )

    def get_success_url(self) -> str:
        return reverse("complaint", args=[self.tenant.slug, self.complaint.pk])


class ComplaintPage(OneComplaint, ManagerPage):
    permission = Permission.VIEW_REQUESTS
    template_name = "web/complaints/complaint.html"


class ComplaintAnswer(OneComplaint, ManagerForm):
    permission = Permission.HANDLE_REQUESTS
    template_name = "web/complaints/answer.html"
    form_class = AnswerForm
    done = gettext_lazy("The complaint is answered. The answer stands behind its tracking code now.")

    def perform(self, data: dict[str, Any]) -> Complaint:
        return complaints.answer(
            tenant=self.tenant, complaint=self.complaint, text=data["text"], actor=self.request.user
        )


class ComplaintAssign(OneComplaint, ManagerForm):
    permission = Permission.HANDLE_REQUESTS
    template_name = "web/complaints/assign.html"
    form_class = AssignForm
    done = gettext_lazy("It is written down who looks after it.")

    def get_initial(self) -> dict[str, Any]:
        return {"to": self.complaint.assigned_to_id}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"members": members_who_answer(self.tenant)}

    def perform(self, data: dict[str, Any]) -> Complaint:
        self.before = self.complaint.assigned_to_id
        return complaints.assign(tenant=self.tenant, complaint=self.complaint, to=data["to"])

    def undoable(self) -> str:
        after = self.result.assigned_to_id
        note = Note(Act.COMPLAINT_ASSIGNED, self.result.pk, str(self.before or ""), str(after or ""))
        return offer(tenant=self.tenant, user=self.request.user, note=note)


class ComplaintPerson(OneComplaint, ManagerForm):
    """Say whose complaint it is, so that it is shown to that person and goes with their record."""

    permission = Permission.HANDLE_REQUESTS
    template_name = "web/complaints/person.html"
    form_class = ConfirmForm
    done = gettext_lazy("The complaint belongs to this person now, and goes with their record.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"people": candidates(self.tenant, self.request.user)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = self.request.GET.get("q", self.complaint.name).strip()[:80]
        people = candidates(self.tenant, self.request.user)
        found = list(matching(people, words)[:CANDIDATES]) if words else []
        return super().get_context_data(words=words, found=found, **kwargs)

    def perform(self, data: dict[str, Any]) -> Complaint:
        return complaints.link(tenant=self.tenant, complaint=self.complaint, person=data["person"])
