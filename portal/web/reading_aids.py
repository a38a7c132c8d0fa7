"""Large print and high contrast: what a reader switched on, kept in a cookie, so that the server draws it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

AIDS = ("large", "contrast")
_YEAR_SECONDS = 365 * 24 * 3600


def chosen(request: HttpRequest) -> frozenset[str]:
    """Return the aids that this browser has on. Nonsense in the cookie is none."""
    return frozenset(request.COOKIES.get(settings.READING_COOKIE_NAME, "").split(".")) & frozenset(AIDS)


def keep(response: HttpResponse, aids: frozenset[str]) -> None:
    """Write the cookie, or take it back where nothing is on: a cookie that says nothing is none."""
    if not aids:
        response.delete_cookie(settings.READING_COOKIE_NAME, samesite="Lax")
        return
    response.set_cookie(
        settings.READING_COOKIE_NAME,
        ".".join(sorted(aids)),
        max_age=_YEAR_SECONDS,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        # Not Strict: whoever opens their link from a mail program sees the first page in large print, too.
        samesite="Lax",
    )
