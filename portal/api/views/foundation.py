"""What every view of the API has, and what every member's view has."""

from collections.abc import Collection, Iterator
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.viewsets import GenericViewSet

from portal.api import idempotency
from portal.api.authentication import OF_MEMBERS
from portal.api.bodies import read_body
from portal.api.face_bytes import refuse_face_bytes
from portal.api.pagination import Pages
from portal.api.parsers import BoundedJSONParser
from portal.api.retiring import Gone, Retired, Retiring, announce
from portal.api.schema import ApiSchema
from portal.security.idempotency import Claim
from portal.sign_in import again
from portal.tenancy import TenantAPI, token_of
from tenants.people.models import Person
from tenants.people.services import minors

# What the gates before a member's address say: who it is, with which factor, and with which right.
OF_ANY_MEMBER = ((401, "not_authenticated"), (401, "token_refused"), (403, "permission_denied"), (403, "mfa_required"))


class ApiViews(GenericViewSet):
    """`tag` groups operations in the schema; `retired` names the actions that go."""

    tag: ClassVar[str] = ""
    retired: ClassVar[Retiring] = {}
    metadata_class = None
    pagination_class = Pages
    parser_classes = [BoundedJSONParser]
    schema = ApiSchema()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._retiring: list[Retired] = []

    def door(self, method: str) -> Iterator[tuple[int, str]]:
        """Return what is refused before the action is reached, each status with its code, for the schema.

        What the action refuses is found in the source (portal/api/refusals.py).
        """
        yield from ((400, "parse_error"), (403, "https_required"), (406, "not_acceptable"), (429, "throttled"))
        if self.action in self.retired:
            yield 410, "gone"
        if method in again.SAFE:
            if self.action == "list" and self.pagination_class:
                yield 404, "not_found"  # a page beyond the last one
            return
        yield 409, "conflict"
        if method != "DELETE":
            yield from ((413, "too_large"), (415, "unsupported_media_type"))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if self.action in self.retired and self.retired[self.action].is_gone():
            raise Gone
        super().initial(request, *args, **kwargs)

    def read(self, payload: type[Serializer]) -> dict[str, Any]:
        """Return what the caller sent, in shape. Raises DRF's ValidationError."""
        serializer = payload(data=self.request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        self._note_retired(payload, within=serializer.validated_data)
        return serializer.validated_data

    def show(self, row: Any, shape: type[Serializer] | None = None, *, status: int = 200, **extra: Any) -> Response:
        """Return one row in its shape, with what only this answer carries."""
        shape = shape or self.get_serializer_class()
        self._note_retired(shape)
        return Response(shape(row, context=self.get_serializer_context()).data | extra, status=status)

    def list(self, request: Request, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        self._note_retired(self.get_serializer_class())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def _note_retired(self, shape: type[Serializer], within: Collection[str] | None = None) -> None:
        """Remember the fields that go: of what is answered all of them, of what was sent those that were."""
        fields: Retiring = getattr(shape, "retired", {})
        self._retiring += [one for name, one in fields.items() if within is None or name in within]

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(*args, **kwargs)
        add_never_cache_headers(response)
        action = self.retired.get(self.action)
        announce(response, [*([action] if action else []), *self._retiring])
        return response


class MemberViews(TenantAPI, ApiViews):
    """For members: session or token, tenant, permission. Every row is looked up within the tenant, and only here.

    What asks a member to prove themselves again (`is_sensitive`), and the actions that `in_person` names besides, no
    token does: those ask for a person.
    """

    in_person: ClassVar[frozenset[str]] = frozenset()
    claim: Claim | None = None
    authentication_classes = OF_MEMBERS
    permission_classes = [IsAuthenticated]

    def door(self, method: str) -> Iterator[tuple[int, str]]:
        yield from super().door(method)
        yield from OF_ANY_MEMBER
        yield from ((400, "face_bytes"), (404, "not_found"), (413, "too_large"))
        is_sensitive = (self.sensitive and method not in again.SAFE) or self.action in self.sensitive_actions
        if is_sensitive:
            yield 403, "reauthentication_required"
        if is_sensitive or self.action in self.in_person:
            yield 403, "in_person"
        if method == "POST":
            yield from idempotency.REFUSALS

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Keep the body whole, before the check of the CSRF token reads a form; then look at what it carries."""
        read_body(request._request)
        super().initial(request, *args, **kwargs)
        if token_of(request) and (self.is_sensitive(request) or self.action in self.in_person):
            raise PermissionDenied(
                _("A member does this in person, signed in with a browser. An API token cannot."), code="in_person"
            )
        refuse_face_bytes(request._request, self.tenant)
        # Last: a repeated request is let in by the same checks as the first one.
        self.claim = idempotency.begin(request, self.tenant)

    def handle_exception(self, exc: Exception) -> HttpResponse:
        return exc.response if isinstance(exc, idempotency.Replay) else super().handle_exception(exc)

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(*args, **kwargs)
        if self.claim:
            idempotency.end(self.claim, response.render())
        return response

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset()
        return rows if getattr(self, "swagger_fake_view", False) else self.rows_of_tenant(rows)

    def rows_of_tenant(self, rows: QuerySet) -> QuerySet:
        return rows.filter(tenant=self.tenant)

    def get_object(self) -> Any:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def get_serializer_context(self) -> dict[str, Any]:
        return super().get_serializer_context() | {"tenant": getattr(self, "tenant", None)}

    def open_record(self, person: Person) -> Person:
        """Return a person whose record the caller may open; of a minor's, each opening is written down.

        (Minors Network Protection Regulation 36.) Raises RecordClosed: a 403 with code `minor`, the same everywhere.
        """
        minors.record_opening(actor=self.request.user, person=person)
        return person

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        return self.show(self.get_object())


class PersonRowViews(MemberViews):
    """Rows of the person whom the address names, whose record must be open to the caller."""

    @cached_property
    def person(self) -> Person:
        return self.open_record(get_object_or_404(Person, tenant=self.tenant, pk=self.kwargs["pk"]))

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset()
        return rows if getattr(self, "swagger_fake_view", False) else rows.filter(person=self.person)
