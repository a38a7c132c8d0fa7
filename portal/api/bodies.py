"""The bytes of a request, read once and whole: a signature covers them, and their content may be forbidden."""

from io import BytesIO

from django.conf import settings
from django.http import HttpRequest

from portal.api.parsers import MAX_JSON_BYTES
from portal.api.problems import TooLarge

# A photo at its limit, and the few lines of the form around it.
MAX_FORM_BYTES = settings.MAX_UPLOAD_BYTES + MAX_JSON_BYTES


def read_body(request: HttpRequest) -> bytes:
    """Return the body and leave it readable for the parsers. In memory only. Raises TooLarge.

    Django's own `body` stops at the limit for forms without a file, which is less than a photo.
    """
    if not hasattr(request, "_body"):
        limit = MAX_FORM_BYTES if request.content_type == "multipart/form-data" else MAX_JSON_BYTES
        content = request.read(limit + 1)
        if len(content) > limit:
            raise TooLarge
        # What Django's property does with what it has read; parsers, forms and a second caller then find it here.
        request._body = content  # type: ignore[attr-defined]
        request._stream = BytesIO(content)  # type: ignore[attr-defined]
    return request._body  # type: ignore[attr-defined,no-any-return]
