"""Signing in again before what is sensitive: keys, exports, roles, holds, losses, what the platform admin changes.

Asked when a page is opened, not when its form is sent, so that nothing filled in is lost. Signing in counts as well:
who did so a minute ago is not asked at once.
"""

import time
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

SAFE = {"GET", "HEAD", "OPTIONS"}


def is_recent(request: HttpRequest, *, seconds: float) -> bool:
    """Whether who is signed in proved who they are within `seconds`, by password or by second factor."""
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - float(records[-1]["at"]) < seconds


def is_needed(request: HttpRequest) -> bool:
    """Whether this request comes too long after that. A form may be sent some while after it was opened."""
    if not settings.ACCOUNT_REAUTHENTICATION_REQUIRED:
        return False
    seconds = settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    if request.method not in SAFE:
        seconds = settings.REAUTHENTICATED_FORM_SECONDS
    return not is_recent(request, seconds=seconds)


def ask(request: HttpRequest) -> HttpResponse | None:
    """Return the way to the page that asks, which leads back here, or nothing when it is not needed."""
    if not is_needed(request):
        return None
    ways = get_adapter(request).get_reauthentication_methods(request.user)
    if not ways:  # signed in by a directory, and no second factor set up yet: only a new sign-in proves anything
        return HttpResponseRedirect(reverse("account_logout"))
    back = request.get_full_path()
    if request.method not in SAFE:  # a button that has no page of its own leads back to the page it stood on
        back = urlsplit(request.headers.get("Referer", "")).path or back
    address = f"{ways[0]['url']}?{urlencode({REDIRECT_FIELD_NAME: back})}"
    if "HX-Request" in request.headers:
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)
