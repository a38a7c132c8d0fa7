"""The person's own photo: handed in after both consents, watched until it is a template or its reason is known."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.generic import FormView

from portal.web.forms.photos import PhotoForm
from portal.web.reads.residents import next_question
from portal.web.reads.ways import doors_of
from portal.web.resident import PersonalMixin, PersonalPage
from portal.web.views.manager import add_errors
from recognition.enrollment import reasons
from recognition.enrollment.models import OPEN_STATES, Enrollment
from recognition.enrollment.services import submit_photo
from recognition.enrollment.sweeps import expire_if_late
from tenants.clearance.checks import blockers
from tenants.clearance.services import check_person
from tenants.organizations.kinds import StorageMode
from tenants.people.services.consents import consent_statuses


class Photo(PersonalMixin, FormView):
    """Take or choose one photo. Without every yes there is no camera here."""

    only_the_person = True
    template_name = "public/me/photo.html"
    form_class = PhotoForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.tenant.storage_mode != StorageMode.PORTAL:
            return self.plain("public/me/at_the_door.html", status=200, me_url=self.me_url())
        return self._elsewhere() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.tenant.storage_mode != StorageMode.PORTAL:
            return self.plain("public/me/at_the_door.html", status=400, me_url=self.me_url())
        return self._elsewhere() or super().post(request, *args, **kwargs)

    def _elsewhere(self) -> HttpResponse | None:
        self.visit.person.tenant = self.tenant
        question = next_question(consent_statuses(self.visit.person))
        if question:
            return HttpResponseRedirect(self.me_url("me_consent", question.value))
        return HttpResponseRedirect(self.me_url()) if blockers(check_person(self.visit.person)) else None

    def form_valid(self, form: PhotoForm) -> HttpResponse:
        try:
            with transaction.atomic():
                enrollment = submit_photo(
                    tenant=self.tenant, person=self.visit.person, photo=form.cleaned_data["photo"]
                )
        except ValidationError as broken:
            add_errors(form, broken)
            return self.form_invalid(form)
        return HttpResponseRedirect(self.me_url("me_enrollment", enrollment.pk))


class EnrollmentPage(PersonalPage):
    """One attempt. While it is open the progress asks again every two seconds; its end loads the page anew."""

    template_name = "public/me/enrollment.html"

    @cached_property
    def enrollment(self) -> Enrollment:
        rows = Enrollment.objects.filter(tenant=self.tenant, person=self.visit.person)
        return expire_if_late(enrollment=get_object_or_404(rows, pk=self.kwargs["pk"]))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_open = self.enrollment.state in OPEN_STATES
        if request.htmx:
            self.template_name = "public/me/_progress.html"
        response = super().get(request, *args, **kwargs)
        if request.htmx and not is_open:
            response["HX-Refresh"] = "true"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        enrollment = self.enrollment
        return super().get_context_data(
            enrollment=enrollment,
            is_open=enrollment.state in OPEN_STATES,
            poll_url=self.me_url("me_enrollment", enrollment.pk),
            deleted_by=enrollment.created_at + timedelta(seconds=settings.CAPTURE_LIFETIME_SECONDS),
            sentence=reasons.sentence(enrollment.reason),
            doors=doors_of(self.tenant),
            **kwargs,
        )
