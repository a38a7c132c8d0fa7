"""Notices: draft, edit, publish."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.serializers.notices import NoticeDetail, NoticePayload, NoticeShape
from portal.api.views.foundation import MemberViews
from tenants.organizations.roles import Permission as P
from tenants.transparency.models import Notice
from tenants.transparency.services import notices as services


@extend_schema_view(
    list=extend_schema(summary=_("List the versions of the notice"), responses=NoticeShape(many=True)),
    retrieve=extend_schema(summary=_("Show a version with its texts")),
)
class NoticeViews(MemberViews):
    tag = "notices"
    permission, permission_write = P.VIEW_NOTICES, P.MANAGE_NOTICES
    queryset = Notice.objects.order_by("-version")
    filterset_fields = ["state"]

    def get_serializer_class(self) -> type[NoticeShape]:
        return NoticeShape if self.action == "list" else NoticeDetail

    @extend_schema(
        summary=_("Begin the next version, or return the draft that is open"),
        request=None,
        responses={201: NoticeDetail},
    )
    def create(self, request: Request, **kwargs: Any) -> Response:
        return self.show(services.start_draft(tenant=self.tenant), status=201)

    @extend_schema(summary=_("Change texts of a draft"), request=NoticePayload)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        notice = self.get_object()
        return self.show(services.edit(tenant=self.tenant, notice=notice, **self.read(NoticePayload)))

    @extend_schema(summary=_("Discard a draft"))
    def destroy(self, request: Request, **kwargs: Any) -> Response:
        services.discard_draft(tenant=self.tenant, notice=self.get_object())
        return Response(status=204)

    @extend_schema(summary=_("Publish a draft; from then on it never changes"), request=None)
    def publish(self, request: Request, **kwargs: Any) -> Response:
        return self.show(services.publish(tenant=self.tenant, notice=self.get_object(), actor=request.user))
