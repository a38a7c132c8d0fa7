"""Every refusal of the API in one form: RFC 9457, `application/problem+json`.

`code` is for machines and stays; `detail` is for people and is in the caller's language.
"""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as RuleBroken
from django.db import DatabaseError
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.fields import get_error_detail
from rest_framework.response import Response
from rest_framework.views import set_rollback

from portal.conflicts import is_conflict
from tenants.people.services.minors import RecordClosed

CONTENT_TYPE = "application/problem+json"
WHOLE = "non_field_errors"

_TITLES: dict[int, Promise] = {
    400: _("The request cannot be carried out as it is"),
    401: _("Who is asking is not known"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Not possible here"),
    406: _("This form of answer does not exist"),
    409: _("Something else changed at the same moment"),
    410: _("Not there any more"),
    413: _("Too large"),
    415: _("This form of content is not taken"),
    422: _("This key stands for another request"),
    429: _("Too many requests"),
    503: _("Not available right now"),
}

Errors = dict[str, list[dict[str, str]]]


class TooLarge(exceptions.APIException):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = _("The request is larger than this address takes.")


class Conflict(exceptions.APIException):
    status_code = HTTPStatus.CONFLICT
    default_code = "conflict"
    default_detail = _("Somebody changed the same thing at the same moment. Look again and repeat.")


class Unavailable(exceptions.APIException):
    """The worker or the queue does not answer; the caller may try again after `wait` seconds."""

    status_code = HTTPStatus.SERVICE_UNAVAILABLE
    wait = 5


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook. Returns None for what is our own fault, so that it is logged and answered with a 500."""
    error = _as_api_exception(exc)
    if error is None:
        return None
    set_rollback()
    response = problem(error)
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(max(1, round(wait)))
    return response


def problem(error: exceptions.APIException) -> Response:
    """Return the response for one exception."""
    return Response(body_of(error), status=int(error.status_code), content_type=CONTENT_TYPE)


def body_of(error: exceptions.APIException) -> dict[str, object]:
    """What the answer for one exception says."""
    status = int(error.status_code)
    errors = _by_field(error.detail)
    flat = [entry for entries in errors.values() for entry in entries]
    if len(flat) == 1:
        code, detail = flat[0]["code"], flat[0]["message"]
    else:
        code, detail = "invalid", str(_("Several things are not right; each is named under “errors”."))
    body: dict[str, object] = {
        **getattr(error, "told", {}),
        "type": f"urn:consentry:problem:{code}",
        "title": str(_TITLES.get(status, HTTPStatus(status).phrase)),
        "status": status,
        "code": code,
        "detail": detail,
    }
    if isinstance(error, exceptions.ValidationError):
        body["errors"] = errors
    return body


def _as_api_exception(exc: Exception) -> exceptions.APIException | None:
    if isinstance(exc, exceptions.APIException):
        return exc
    if isinstance(exc, RecordClosed):
        return exceptions.PermissionDenied(exc.message, code=exc.code)
    if isinstance(exc, RuleBroken):
        return exceptions.ValidationError(get_error_detail(exc))
    if isinstance(exc, Http404):
        return exceptions.NotFound()
    if isinstance(exc, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(exc, RequestDataTooBig):
        return TooLarge()
    if isinstance(exc, SuspiciousOperation):
        return exceptions.ParseError()
    if isinstance(exc, DatabaseError) and is_conflict(exc):
        return Conflict()
    return None


def _by_field(detail: Any, field: str = "") -> Errors:
    """Flatten DRF's nested details to one level: `methods.0` names the first entry of a list."""
    if isinstance(detail, dict):
        parts = [(_join(field, str(key)), value) for key, value in detail.items()]
    elif isinstance(detail, list):
        parts = [(field if isinstance(value, str) else _join(field, str(i)), value) for i, value in enumerate(detail)]
    else:
        return {field or WHOLE: [{"code": str(getattr(detail, "code", "invalid")), "message": str(detail)}]}
    errors: Errors = {}
    for name, value in parts:
        for key, entries in _by_field(value, name).items():
            errors.setdefault(key, []).extend(entries)
    return errors


def _join(field: str, key: str) -> str:
    if key in {NON_FIELD_ERRORS, WHOLE}:
        return field
    return f"{field}.{key}" if field else key
