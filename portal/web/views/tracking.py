"""Follow a request by its tracking code. The code in the address is the key, as with the personal link."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView

from portal.web.forms.public import CodeForm
from portal.web.limits import WRONG_CODES, address_of
from portal.web.reads.packages import sections
from portal.web.resident import ResidentMixin, ResidentPage
from tenants.rights.models import RightsRequest
from tenants.rights.services.packages import download
from tenants.rights.services.requests import find_by_code


class FindRequest(ResidentMixin, FormView):
    """Type the code. Whether it is right, its own page says."""

    is_confidential = True
    template_name = "public/request_find.html"
    form_class = CodeForm

    def form_valid(self, form: CodeForm) -> HttpResponse:
        return HttpResponseRedirect(reverse("request_track", args=[self.tenant.slug, form.cleaned_data["code"]]))


class ByCode(ResidentPage):
    """A page of the request that the code opens. Wrong codes are counted, and too many close the door for a while."""

    is_confidential = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        address = address_of(request)
        if WRONG_CODES.is_reached(address):
            return self.too_many(WRONG_CODES)
        try:
            self.found: RightsRequest = find_by_code(tenant=self.tenant, code=self.kwargs["code"])
        except RightsRequest.DoesNotExist:
            WRONG_CODES.count_one(address)
            return self.plain("public/request_unknown.html", status=404)
        return self.answer(request)

    def answer(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(found=self.found, code=_grouped(self.kwargs["code"]), **kwargs)


class RequestSent(ByCode):
    """What to keep: the code, and until when there is an answer."""

    template_name = "public/request_sent.html"


class TrackRequest(ByCode):
    template_name = "public/request_track.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        until = self.found.package_until
        return super().get_context_data(
            has_package=until is not None and until > timezone.now() and self.found.person_id is not None,
            erasure=self.found.erasures.first(),
            **kwargs,
        )


class Package(ByCode):
    """What is held, to read and print; with `?format=json` to keep. Made now and stored nowhere."""

    template_name = "public/request_package.html"

    def answer(self, request: HttpRequest) -> HttpResponse:
        try:
            contents = download(request=self.found)
        except ValidationError:
            return self.plain("public/request_no_package.html", status=410, code=_grouped(self.kwargs["code"]))
        if request.GET.get("format") == "json":
            response = JsonResponse(contents, json_dumps_params={"ensure_ascii": False, "indent": 2})
            response["Content-Disposition"] = f'attachment; filename="{self.found.number}.json"'
            return response
        return self.render_to_response(self.get_context_data(contents=contents, sections=sections(contents)))


def _grouped(code: str) -> str:
    plain = code.upper().replace("-", "").replace(" ", "")
    return "-".join(plain[i : i + 4] for i in range(0, len(plain), 4))
