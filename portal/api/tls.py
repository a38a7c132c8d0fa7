"""Programs are told when they ask in clear. A redirect would hide it: they would send every secret twice, once open."""

import json
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied

from portal.api import problems


class TlsOnly(PermissionDenied):
    default_code = "https_required"
    default_detail = _(
        "The API is answered over HTTPS only, and nothing was done. Use the address with https://, and replace "
        "whatever key or password was just sent: it may have been read on the way."
    )


class NoRedirectMiddleware:
    """Stands before Django's redirect to HTTPS, which is for people, and refuses the API in clear where that is on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.SECURE_SSL_REDIRECT or request.is_secure() or not request.path_info.startswith("/api/"):
            return self._get_response(request)
        body = json.dumps(problems.body_of(TlsOnly()), ensure_ascii=False)
        return HttpResponse(body, status=TlsOnly.status_code, content_type=problems.CONTENT_TYPE)
