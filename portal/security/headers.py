"""Headers that Django has no setting for, on every answer: pages, the API, files, and errors."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# A page takes a photo with the camera of the phone, and a passkey of the browser signs a member in; nothing else.
PERMISSIONS = (
    "accelerometer=(), autoplay=(self), browsing-topics=(), camera=(self), display-capture=(), encrypted-media=(), "
    "geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), "
    "publickey-credentials-create=(self), publickey-credentials-get=(self), usb=()"
)
ALWAYS = {
    "Permissions-Policy": PERMISSIONS,
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
# What Django's own middleware writes; an answer that never reached it (a host of somebody else's) has them from here.
OTHERWISE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class HeadersMiddleware:
    """The outermost one, so that no answer is without them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        for name, value in ALWAYS.items():
            response[name] = value
        for name, value in OTHERWISE.items():
            response.setdefault(name, value)
        return response
