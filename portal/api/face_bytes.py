"""Where faces stay on the terminals, no address of the API takes bytes of a face (Measures Art 8)."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.api.bodies import read_body
from portal.api.parsers import MAX_JSON_BYTES
from recognition.edge.contents import find_face_bytes
from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Property


class FaceBytesRefused(ValidationError):
    """A rule broken like any other, by its own name, so that a terminal's attempt can be recorded."""

    def __init__(self) -> None:
        super().__init__(
            _("Where faces stay on the terminals, nothing of a face is sent here. This request is refused."),
            code="face_bytes",
        )


def refuse_face_bytes(request: HttpRequest, tenant: Property) -> None:
    """Raise FaceBytesRefused for a request that carries a picture or a template, however it is wrapped.

    What is longer than any text that an address takes is refused unseen: it could only be a file.
    """
    if tenant.storage_mode != StorageMode.ON_DEVICE:
        return
    body = read_body(request)
    query = request.META.get("QUERY_STRING", "")
    kind = request.META.get("CONTENT_TYPE", "")
    if len(body) > MAX_JSON_BYTES or ((body or query) and find_face_bytes(body, content_type=kind, query=query)):
        raise FaceBytesRefused
