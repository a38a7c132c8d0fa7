"""The header Idempotency-Key on what members and their programs POST (draft-ietf-httpapi-idempotency-key-header)."""

from http import HTTPStatus

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request

from portal.api.bodies import read_body
from portal.security import idempotency
from portal.security.idempotency import Claim
from portal.tenancy import token_of
from tenants.organizations.models import Property

HEADER, REPLAYED = "Idempotency-Key", "Idempotent-Replayed"
LONGEST = 255
JSON = "application/json"

# What a key may be refused with, each status with its code.
REFUSALS = (
    (400, "idempotency_key_invalid"),
    (409, "idempotency_in_progress"),
    (409, "already_done"),
    (422, "idempotency_key_reused"),
)


class InProgress(APIException):
    status_code = HTTPStatus.CONFLICT
    default_code = "idempotency_in_progress"
    default_detail = _("The first request with this idempotency key is still at work. Wait a moment and repeat it.")
    wait = 1


class KeyReused(APIException):
    status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    default_code = "idempotency_key_reused"
    default_detail = _("Another request was sent with this idempotency key. Use a new key for another request.")


class AlreadyDone(APIException):
    """The answer was emptied by an erasure. `location`, where there is one, says where to look."""

    status_code = HTTPStatus.CONFLICT
    default_code = "already_done"
    default_detail = _(
        "This was done already. Its answer is no longer kept, because data of a person was erased since."
    )

    def __init__(self, location: str) -> None:
        super().__init__()
        self.told = {"location": location} if location else {}


class Replay(Exception):
    """The request was answered before: this is what it was answered."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


def begin(request: Request, tenant: Property) -> Claim | None:
    """Take the key of a POST that has one. Raises Replay, and what says why the request is not carried out."""
    key = request.headers.get(HEADER)
    if request.method != "POST" or key is None:
        return None
    key = key.strip().removeprefix('"').removesuffix('"')
    if not (0 < len(key) <= LONGEST and key.isascii() and key.isprintable()):
        message = _("An idempotency key is 1 to 255 visible ASCII characters, a random UUID for example.")
        raise ValidationError(message, code="idempotency_key_invalid")
    token = token_of(request)
    caller = f"token:{token.pk}" if token else f"user:{request.user.pk}"
    try:
        claim = idempotency.claim(tenant=tenant, caller=caller, key=key, request=_bytes_of(request))
        kept = claim.earlier()
    except idempotency.InProgress:
        raise InProgress from None
    except idempotency.KeyReused:
        raise KeyReused from None
    if kept is None:
        return claim
    if kept.body is None:
        raise AlreadyDone(kept.location)
    response = HttpResponse(kept.body, status=kept.status, content_type=JSON if kept.body else None)
    response[REPLAYED] = "true"
    if kept.location:
        response["Location"] = kept.location
    raise Replay(response)


def end(claim: Claim, response: HttpResponse) -> None:
    """Keep what was answered. A refusal is not kept: nothing was done, and the next attempt may be let through."""
    if response.status_code < HTTPStatus.MULTIPLE_CHOICES:
        claim.keep(status=response.status_code, body=response.content, location=response.get("Location", ""))


def _bytes_of(request: Request) -> bytes:
    head = f"{request.method} {request.get_full_path()} {request.headers.get('Content-Type', '')}\n"
    return head.encode() + read_body(request._request)
