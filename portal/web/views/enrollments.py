"""Enrolment at the desk: hand in one photo, then watch what becomes of it."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from portal.web.forms.photos import PhotoForm
from portal.web.reads import checks, people
from portal.web.views.manager import ManagerForm, ManagerPage
from portal.web.views.people import OnePerson
from recognition.enrollment import reasons
from recognition.enrollment.models import OPEN_STATES, Enrollment
from recognition.enrollment.services import submit_photo
from recognition.enrollment.sweeps import expire_if_late
from tenants.clearance.checks import blockers
from tenants.clearance.services import check_person
from tenants.organizations.kinds import StorageMode
from tenants.organizations.roles import Permission
from tenants.people.services.minors import may_see

SLOW_AFTER = timedelta(seconds=20)


class PersonPhoto(OnePerson, ManagerForm):
    """Shows what blocks instead of a camera while the gate says no."""

    permission = Permission.MANAGE_PEOPLE
    template_name = "web/enrollments/photo.html"
    form_class = PhotoForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        answers = check_person(self.person)
        return super().get_context_data(
            is_on_device=self.tenant.storage_mode != StorageMode.PORTAL,
            blocked=len(blockers(answers)),
            checks=checks.person_rows(tenant=self.tenant, person=self.person, checks=answers),
            **kwargs,
        )

    def perform(self, data: dict[str, Any]) -> Enrollment:
        return submit_photo(tenant=self.tenant, person=self.person, photo=data["photo"], requested_by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("enrollment", args=[self.tenant.slug, self.result.pk])


class EnrollmentPage(ManagerPage):
    """One attempt. While it is open the progress asks again every two seconds; its end loads the page anew."""

    permission = Permission.VIEW_PEOPLE
    section = "people"
    template_name = "web/enrollments/enrollment.html"

    @cached_property
    def enrollment(self) -> Enrollment:
        rows = Enrollment.objects.filter(tenant=self.tenant, pk=self.kwargs["pk"])
        enrollment = get_object_or_404(rows.select_related("person__identity", "person__tenant"))
        return expire_if_late(enrollment=enrollment)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = self.enrollment.person
        if not may_see(actor=request.user, person=person):
            return redirect("person_access", self.tenant.slug, person.pk)
        is_open = self.enrollment.state in OPEN_STATES
        if request.htmx:
            self.template_name = "web/enrollments/_progress.html"
        response = super().get(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        if request.htmx and not is_open:
            response["HX-Refresh"] = "true"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        enrollment, person = self.enrollment, self.enrollment.person
        return super().get_context_data(
            enrollment=enrollment,
            person=person,
            is_open=enrollment.state in OPEN_STATES,
            is_slow=timezone.now() - enrollment.created_at > SLOW_AFTER,
            deleted_by=enrollment.created_at + timedelta(seconds=settings.CAPTURE_LIFETIME_SECONDS),
            sentence=reasons.sentence(enrollment.reason),
            ends_on=people.ends_on(person),
            **kwargs,
        )
