"""Follow a request by its tracking code. The code in the address is the key, as with the personal link."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from portal.codes import count_wrong_code
from portal.limits import PROOFS_BY_ADDRESS, WRONG_CODES, address_of
from portal.web.forms.public import CodeForm
from portal.web.forms.tracking import ProofForm, WriteForm
from portal.web.reads import request_pages
from portal.web.resident import ResidentMixin
from portal.web.views.manager import add_errors, press
from tenants.rights.kinds import Requester, RequestState
from tenants.rights.models import Package, RightsRequest
from tenants.rights.rules import OPEN_STATES
from tenants.rights.services import identity, requests
from tenants.rights.services.messages import write_from_person
from tenants.rights.services.requests import find_by_code


class FindRequest(ResidentMixin, FormView):
    """Type the code. Whether it is right, its own page says."""

    is_confidential = True
    template_name = "public/request_find.html"
    form_class = CodeForm

    def form_valid(self, form: CodeForm) -> HttpResponse:
        return HttpResponseRedirect(reverse("request_track", args=[self.tenant.slug, form.cleaned_data["code"]]))


class _Opened:
    """Opens the request, after the property and before the view."""

    found: RightsRequest

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        address = address_of(request)
        if WRONG_CODES.is_reached(address):
            return self.too_many(WRONG_CODES)  # type: ignore[attr-defined] - mixed in behind ResidentMixin
        try:
            self.found = find_by_code(tenant=self.tenant, code=str(kwargs["code"]))  # type: ignore[attr-defined]
        except RightsRequest.DoesNotExist:
            count_wrong_code(request)
            return self.plain("public/request_unknown.html", status=404)  # type: ignore[attr-defined]
        self.found.tenant = self.tenant  # type: ignore[attr-defined]
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc] - mixed into a View


class CodeMixin(ResidentMixin, _Opened):
    """A page of the request that the code opens. Wrong codes are counted, and too many close the door for a while."""

    is_confidential = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # TemplateView passes the address's own parts, the code as it was typed among them.
        return super().get_context_data(**kwargs | {"found": self.found, "code": grouped(self.kwargs["code"])})

    def track_url(self, name: str = "request_track") -> str:
        return reverse(name, args=[self.tenant.slug, self.kwargs["code"]])


class ByCode(CodeMixin, TemplateView):
    """A page to read."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(request)

    def answer(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data())


class RequestSent(ByCode):
    """What to keep: the code, and until when there is an answer."""

    template_name = "public/request_sent.html"


class TrackRequest(CodeMixin, FormView):
    """How far it is, what is asked of the person now, and what was said both ways; a message is sent from here."""

    template_name = "public/request_track.html"
    form_class = WriteForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**track(self.found), **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        address = address_of(self.request)
        if PROOFS_BY_ADDRESS.is_reached(address):
            return self.too_many(PROOFS_BY_ADDRESS)
        PROOFS_BY_ADDRESS.count_one(address)
        try:
            with transaction.atomic():
                write_from_person(tenant=self.tenant, request=self.found, **form.cleaned_data)
        except ValidationError as broken:
            add_errors(form, broken)
            return self.form_invalid(form)
        messages.success(self.request, _("Sent. The desk reads it here."))
        return HttpResponseRedirect(self.track_url())


def track(found: RightsRequest) -> dict[str, Any]:
    """Return what the pages of one request show to the person."""
    erasures = list(found.erasures.all())  # newest first; a second one erases what a legal hold had kept
    return {
        "steps": request_pages.steps(found),
        "is_open": found.state in OPEN_STATES,
        "is_to_prove": found.state == RequestState.RECEIVED,
        "talk": request_pages.talk(found, for_person=True),
        "package": Package.objects.filter(request=found).defer("sealed").first(),
        "erasure": erasures[0] if erasures else None,
        "has_certificate": any(erasure.is_certified for erasure in erasures),
    }


class ProveRequest(CodeMixin, FormView):
    """Have a code sent to the contact on file, and type it. The page is the same whether there is one or not."""

    template_name = "public/request_prove.html"
    form_class = ProofForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.found.state != RequestState.RECEIVED:
            return HttpResponseRedirect(self.track_url())
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        address = address_of(request)
        if PROOFS_BY_ADDRESS.is_reached(address):
            return self.too_many(PROOFS_BY_ADDRESS)
        PROOFS_BY_ADDRESS.count_one(address)
        if "send" not in request.POST:
            return super().post(request, *args, **kwargs)
        if press(request, lambda: identity.send_code(tenant=self.tenant, request=self.found)):
            text = _("If this phone or e-mail is the one on file, a code is on its way. It is good for ten minutes.")
            messages.info(request, text)
        return HttpResponseRedirect(self.track_url("request_prove"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # A fact about the request: a code was asked for; not about whether anybody got one.
        # Who asks for somebody who has died, or was asked to, comes to the desk (PIPL 49).
        by_code = self.found.asked_by in {Requester.SELF, Requester.GUARDIAN}
        return super().get_context_data(is_sent=self.found.identity_codes.exists(), by_code=by_code, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            # No transaction of its own: a wrong try stays counted.
            identity.prove_by_code(tenant=self.tenant, request=self.found, typed=form.cleaned_data["code"])
        except ValidationError as broken:
            add_errors(form, broken)
            return self.form_invalid(form)
        messages.success(self.request, _("Thank you. Now we know that it is you."))
        return HttpResponseRedirect(self.track_url())


class TakeBack(CodeMixin, TemplateView):
    """Ask once, then end it: nothing was done, and it can be asked again."""

    template_name = "public/request_take_back.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.found.state not in OPEN_STATES:
            return HttpResponseRedirect(self.track_url())
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        if press(request, lambda: requests.take_back(tenant=self.tenant, request=self.found)):
            messages.success(request, _("You have taken your request back. Nothing was done."))
        return HttpResponseRedirect(self.track_url())


def grouped(code: str) -> str:
    """Write a code as it was shown, in fours."""
    plain = code.upper().replace("-", "").replace(" ", "")
    return "-".join(plain[i : i + 4] for i in range(0, len(plain), 4))
