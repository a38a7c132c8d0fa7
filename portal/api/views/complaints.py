"""Complaints: for members, and for everybody without an account."""

from typing import Any

import django_filters.rest_framework as filters
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.filters import Search
from portal.api.serializers.complaints import (
    AnswerPayload,
    AuthorityShape,
    ComplaintPayload,
    ComplaintReceived,
    ComplaintShape,
    ComplaintStatus,
)
from portal.api.throttles import require_within
from portal.api.views.foundation import MemberViews
from portal.api.views.public import PublicViews
from portal.limits import COMPLAINTS_BY_ADDRESS, COMPLAINTS_BY_PROPERTY, address_of
from tenants.organizations.roles import Permission as P
from tenants.rights.authorities import authorities_of
from tenants.rights.models import Complaint
from tenants.rights.services import complaints


class ComplaintFilter(filters.FilterSet):
    q = Search("number", "name", "text")

    class Meta:
        model = Complaint
        fields = ["state"]


@extend_schema_view(
    list=extend_schema(summary=_("List complaints, the most urgent first")),
    retrieve=extend_schema(summary=_("Show a complaint")),
)
class ComplaintViews(MemberViews):
    tag = "complaints"
    permission, permission_write = P.VIEW_REQUESTS, P.HANDLE_REQUESTS
    queryset = Complaint.objects.order_by("due_on", "received_at", "pk")
    serializer_class = ComplaintShape
    filterset_class = ComplaintFilter

    @extend_schema(summary=_("Answer a complaint and close it"), request=AnswerPayload)
    def answer(self, request: Request, **kwargs: Any) -> Response:
        row, data = self.get_object(), self.read(AnswerPayload)
        return self.show(complaints.answer(tenant=self.tenant, complaint=row, actor=request.user, **data))


class PublicComplaintViews(PublicViews):
    tag = "public_complaints"
    serializer_class = ComplaintStatus

    @extend_schema(
        summary=_("Complain, with a name or without; the tracking code is shown in this answer only"),
        request=ComplaintPayload,
        responses={201: ComplaintReceived},
    )
    def create(self, request: Request, **kwargs: Any) -> Response:
        data = self.read(ComplaintPayload)
        require_within((COMPLAINTS_BY_ADDRESS, address_of(request)), (COMPLAINTS_BY_PROPERTY, str(self.tenant.pk)))
        row, code = complaints.receive(tenant=self.tenant, **data)
        received = {"number": row.number, "tracking_code": code, "due_on": row.due_on}
        shown = received | {"is_due_final": row.is_due_final, "authorities": self._authorities()}
        return Response(shown, status=201)

    @extend_schema(summary=_("Show how a complaint is going, and its answer"))
    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        row = self.by_code(complaints.find_by_code)
        row.authorities = authorities_of(self.tenant)
        return self.show(row)

    def _authorities(self) -> Any:
        return AuthorityShape(authorities_of(self.tenant), many=True).data
