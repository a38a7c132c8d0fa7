"""The gate before everything that costs: who asks too fast is told so before a session or the database is asked.

Files (WhiteNoise) stand before it: serving one costs less than counting it.
"""

import json
import math
import time
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from rest_framework.exceptions import Throttled

from portal.api import problems
from portal.limits import Pace, address_of, is_trusted, throttled

K = TypeVar("K")
V = TypeVar("V")
Answerer = Callable[[HttpRequest], HttpResponse]

TERMINALS = "/api/v1/device/"
API = "/api/"
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO")
MOST_REMEMBERED = 10_000
# People who are refused look at the page before they try again. Who is refused so often in so many seconds (in one of
# the web processes) reads nothing: shut out for a while, it costs no page at all, and nobody behind its address would
# have got through beside it anyway.
HEEDLESS, WINDOW, SHUT_OUT = 30, 10, 60


class ForwardedMiddleware:
    """Drops what a caller who is no proxy of ours says of the way it came by, before anybody believes it."""

    def __init__(self, get_response: Answerer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_trusted(str(request.META.get("REMOTE_ADDR", ""))):
            for name in FORWARDED:
                request.META.pop(name, None)
        return self._get_response(request)


class FloodMiddleware:
    """Answers 429 to an address that asks faster than FLOOD_PACES allow, and tells of every 429, whoever gave it.

    An address that has to wait is remembered in this process until then, so that a flood costs neither the cache nor
    anything behind it; one that does not heed it waits a minute.
    """

    def __init__(self, get_response: Answerer) -> None:
        self._get_response = get_response
        self._paces = {name: Pace(name, *pace) for name, pace in settings.FLOOD_PACES.items()}
        self._waiting: dict[tuple[str, str], float] = {}
        self._refused: dict[tuple[str, str], tuple[float, int]] = {}
        self._told: dict[str, float] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        who = address_of(request)
        pace = self._paces.get("terminals" if request.path_info.startswith(TERMINALS) else "pages")
        if pace and (wait := self._wait(pace, who)):
            response = too_fast(request, seconds=math.ceil(wait))
            # Django would write a line for each, and a flood would fill the disk.
            response._has_been_logged = not self._is_told(request, who)  # type: ignore[attr-defined]
            return response
        response = self._get_response(request)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            throttled.send_robust(type(self), request=request, limit="")
        return response

    def _wait(self, pace: Pace, who: str) -> float:
        """Return for how many seconds the caller has to stay away, 0 for one who is let in."""
        now, key = time.monotonic(), (pace.name, who)
        wait = max(0.0, self._waiting.get(key, 0.0) - now) or pace.wait(who)
        if wait:
            wait = max(wait, self._shut_out(key, now))
            _bounded(self._waiting)[key] = now + wait
        return wait

    def _shut_out(self, key: tuple[str, str], now: float) -> float:
        """Count a refusal, and return for how many seconds more than it has to wait the caller is shut out."""
        since, count = self._refused.get(key, (now, 0))
        since, count = (since, count + 1) if now - since < WINDOW else (now, 1)
        _bounded(self._refused)[key] = since, count
        return SHUT_OUT if count == HEEDLESS else 0

    def _is_told(self, request: HttpRequest, who: str) -> bool:
        """Tell of a flood once a second, and say whether it was told now."""
        now = time.monotonic()
        if now - self._told.get(who, -math.inf) < 1:
            return False
        _bounded(self._told)[who] = now
        throttled.send_robust(type(self), request=request, limit="flood")
        return True


def too_fast(request: HttpRequest, *, seconds: int) -> HttpResponse:
    """The refusal: a page for people, a problem (RFC 9457) for programs, both with Retry-After."""
    is_api = request.path_info.startswith(API)
    body = _body(translation.get_language_from_request(request), is_api=is_api)
    kind = problems.CONTENT_TYPE if is_api else "text/html; charset=utf-8"
    response = HttpResponse(body, status=HTTPStatus.TOO_MANY_REQUESTS, content_type=kind)
    response["Content-Length"] = str(len(body))  # Django's own middleware for it is further inside
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    response["Vary"] = "Accept-Language, Cookie"
    return response


@lru_cache(maxsize=8)
def _body(language: str, *, is_api: bool) -> bytes:
    """Made once for each language: a flood is answered out of memory."""
    with translation.override(language):
        if is_api:
            return json.dumps(problems.body_of(Throttled()), ensure_ascii=False).encode()
        return render_to_string("too_fast.html").encode()


def _bounded(remembered: dict[K, V]) -> dict[K, V]:
    """Forget all when it is too much, rather than let strangers fill the memory: the shared counters stay."""
    if len(remembered) >= MOST_REMEMBERED:
        remembered.clear()
    return remembered
