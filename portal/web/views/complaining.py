"""Complain without an account, with a name or without, and read the answer with the tracking code (NDSMR 20)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.generic import FormView

from portal.codes import count_wrong_code
from portal.limits import COMPLAINTS_BY_ADDRESS, COMPLAINTS_BY_PROPERTY, WRONG_CODES, address_of
from portal.web.forms.complaints import ComplaintForm
from portal.web.forms.public import CodeForm
from portal.web.resident import ResidentMixin, ResidentPage
from portal.web.views.manager import add_errors
from portal.web.views.tracking import grouped
from tenants.rights.authorities import authorities_of
from tenants.rights.models import Complaint
from tenants.rights.services.complaints import find_by_code, receive


class Complain(ResidentMixin, FormView):
    """The form. It asks for no name, and says where else to complain before anything is written."""

    is_confidential = True
    template_name = "public/complaint_form.html"
    form_class = ComplaintForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.callers = ((COMPLAINTS_BY_ADDRESS, address_of(request)), (COMPLAINTS_BY_PROPERTY, str(self.tenant.pk)))
        return self.refuse_too_many(*self.callers) or super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(authorities=authorities_of(self.tenant), **kwargs)

    def form_valid(self, form: ComplaintForm) -> HttpResponse:
        for limit, who in self.callers:
            limit.count_one(who)
        language = "en" if (get_language() or "").startswith("en") else "zh-hans"
        try:
            with transaction.atomic():
                _complaint, code = receive(tenant=self.tenant, language=language, **form.cleaned_data)
        except ValidationError as broken:
            add_errors(form, broken)
            return self.form_invalid(form)
        # To an address of its own, so that reloading or changing the language neither sends twice nor loses the code.
        return HttpResponseRedirect(reverse("complaint_sent", args=[self.tenant.slug, code]))


class FindComplaint(ResidentMixin, FormView):
    """Type the code. Whether it is right, its own page says."""

    is_confidential = True
    template_name = "public/complaint_find.html"
    form_class = CodeForm

    def form_valid(self, form: CodeForm) -> HttpResponse:
        return HttpResponseRedirect(reverse("complaint_track", args=[self.tenant.slug, form.cleaned_data["code"]]))


class TrackComplaint(ResidentPage):
    """How far it is, and its answer. Wrong codes are counted, and too many close the door for a while."""

    is_confidential = True
    template_name = "public/complaint_track.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        address = address_of(request)
        if WRONG_CODES.is_reached(address):
            return self.too_many(WRONG_CODES)
        try:
            self.found = find_by_code(tenant=self.tenant, code=self.kwargs["code"])
        except Complaint.DoesNotExist:
            count_wrong_code(request)
            return self.plain("public/complaint_unknown.html", status=404)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {"found": self.found, "code": grouped(self.kwargs["code"]), "authorities": authorities_of(self.tenant)}
        return super().get_context_data(**kwargs | shown)


class ComplaintSent(TrackComplaint):
    """What to keep: the code, and until when there is an answer."""

    template_name = "public/complaint_sent.html"
