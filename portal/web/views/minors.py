"""Minors' records: ask to open one, say yes or no as a second member, and see who opened which."""

from typing import Any

from django.db.models import Count, F, Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from portal.web.forms.people import AccessDecisionForm, AccessForm
from portal.web.views.manager import ManagerForm, ManagerList
from portal.web.views.people import OnePerson
from tenants.organizations.roles import Permission
from tenants.people.models import MinorAccess
from tenants.people.services import minors


class PersonAccess(OnePerson, ManagerForm):
    """Instead of a minor's record: no name, only what is needed to ask for it."""

    permission = Permission.VIEW_PEOPLE
    template_name = "web/people/access.html"
    form_class = AccessForm
    shows_identity = False
    done = gettext_lazy("A second member must say yes. Then the record is open to you for 24 hours.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if minors.may_see(actor=request.user, person=self.person):
            return redirect("person", self.tenant.slug, self.person.pk)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.person.minor_accesses.select_related("asked_by", "decided_by")
        mine = rows.filter(asked_by=self.request.user).first()
        return super().get_context_data(
            waiting=mine if mine and mine.decided_at is None else None,
            refused=mine if mine and mine.decided_at and mine.ends_at is None else None,
            others=rows.filter(decided_at__isnull=True).exclude(asked_by=self.request.user),
            **kwargs,
        )

    def perform(self, data: dict[str, Any]) -> MinorAccess:
        return minors.ask_for_access(tenant=self.tenant, person=self.person, actor=self.request.user, **data)

    def get_success_url(self) -> str:
        return self.request.path


class MinorAccessList(ManagerList):
    """Open questions first, then what was decided and how often the record was opened under it."""

    permission = Permission.VIEW_PEOPLE
    section = "people"
    template_name = "web/people/minors.html"

    def get_rows(self) -> QuerySet[MinorAccess]:
        rows = MinorAccess.objects.filter(tenant=self.tenant).select_related("person", "asked_by", "decided_by")
        rows = rows.annotate(openings=Count("views"), last_opened=Max("views__viewed_at"))
        return rows.order_by(F("decided_at").desc(nulls_first=True), "-asked_at", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(now=timezone.now(), me=self.request.user, **kwargs)


class AccessDecide(ManagerForm):
    """One question of one member, answered by another."""

    permission = Permission.APPROVE_MINORS
    section = "people"
    template_name = "web/people/access_decide.html"
    form_class = AccessDecisionForm
    done = gettext_lazy("Your answer is written down.")

    @cached_property
    def access(self) -> MinorAccess:
        rows = MinorAccess.objects.filter(tenant=self.tenant).select_related("person", "asked_by", "decided_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            access=self.access, is_mine=self.access.asked_by_id == self.request.user.pk, **kwargs
        )

    def perform(self, data: dict[str, Any]) -> MinorAccess:
        return minors.decide_access(
            tenant=self.tenant, access=self.access, actor=self.request.user, is_approved=data["decision"] == "approve"
        )

    def get_success_url(self) -> str:
        return reverse("minors", args=[self.tenant.slug])
