"""What every view of the API has, and what every member's view has."""

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
from portal.api.schema import ApiSchema
from portal.security.idempotency import Claim
from portal.tenancy import TenantAPI, token_of
from tenants.people.models import Person
from tenants.people.services import minors


class ApiViews(GenericViewSet):
    """`tag` groups operations in the schema; `problems` are the status codes it may refuse with."""

    tag: ClassVar[str] = ""
    problems: ClassVar[tuple[str, ...]] = ()
    metadata_class = None
    pagination_class = Pages
    parser_classes = [BoundedJSONParser]
    schema = ApiSchema()

    def read(self, payload: type[Serializer]) -> dict[str, Any]:
        """Return what the caller sent, in shape. Raises DRF's ValidationError."""
        serializer = payload(data=self.request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def show(self, row: Any, shape: type[Serializer] | None = None, *, status: int = 200, **extra: Any) -> Response:
        """Return one row in its shape, with what only this answer carries."""
        shape = shape or self.get_serializer_class()
        return Response(shape(row, context=self.get_serializer_context()).data | extra, status=status)

    def list(self, request: Request, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(*args, **kwargs)
        add_never_cache_headers(response)
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
    problems = ("401", "403", "404")

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
