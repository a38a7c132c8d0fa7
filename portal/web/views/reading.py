"""Large print and high contrast, switched from any page of a resident, with a script and without."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import View

from portal.web.reading_aids import AIDS, chosen, keep
from portal.web.resident import ResidentMixin


class ReadingAids(ResidentMixin, View):
    """POST `large` or `contrast` with yes or no. Leads back to the page, or says nothing to a script that asked."""

    def get(self, _request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(self.home_url())

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        aids = chosen(request)
        for aid in AIDS:
            if wanted := request.POST.get(aid):
                aids = aids | {aid} if wanted == "yes" else aids - {aid}
        by_script = request.headers.get("X-Requested-With") == "script"
        response = HttpResponse(status=204) if by_script else HttpResponseRedirect(self._back())
        keep(response, aids)
        return response

    def _back(self) -> str:
        wanted = self.request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(
            wanted, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )
        return wanted if is_ours else self.home_url()
