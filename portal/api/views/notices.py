"""Notices: draft, edit, publish."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from portal.api.serializers.notices import (
    CheckQuery,
    DiscardQuery,
    NoticeCheck,
    NoticeDetail,
    NoticePayload,
    NoticeShape,
    PublishPayload,
)
from portal.api.views.foundation import MemberViews
from tenants.organizations.roles import Permission as P
from tenants.transparency.models import Notice
from tenants.transparency.rules.publishing import all_findings
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

    def get_serializer_class(self) -> type[Serializer]:
        if self.action == "check":
            return NoticeCheck
        return NoticeShape if self.action == "list" else NoticeDetail

    @extend_schema(
        summary=_("Begin the next version, or return the draft that is open"),
        request=None,
        responses={201: NoticeDetail},
    )
    def create(self, request: Request, **kwargs: Any) -> Response:
        return self.show(services.start_draft(tenant=self.tenant, actor=request.user), status=201)

    @extend_schema(summary=_("Change texts of a draft"), request=NoticePayload)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        texts = self.read(NoticePayload)
        return self.show(services.edit(tenant=self.tenant, notice=self.get_object(), actor=request.user, **texts))

    @extend_schema(summary=_("Discard a draft"), parameters=[DiscardQuery])
    def destroy(self, request: Request, **kwargs: Any) -> Response:
        query = self.read_query(DiscardQuery)
        services.discard_draft(tenant=self.tenant, notice=self.get_object(), seen=query.get("seen"))
        return Response(status=204)

    @extend_schema(
        summary=_("Say what keeps a draft from publication, and who would be asked again"), parameters=[CheckQuery]
    )
    def check(self, request: Request, **kwargs: Any) -> Response:
        notice, query = self.get_object(), self.read_query(CheckQuery)
        by_field = all_findings(
            notice.texts,
            face_days=self.tenant.face_days,
            storage_mode=self.tenant.storage_mode,
            allows_under_14=self.tenant.allows_under_14,
        )
        found = [finding for findings in by_field.values() for finding in findings]
        reasons = services.asks_again(tenant=self.tenant, draft=notice, effective_on=query.get("effective_on"))
        return self.show({"findings": found, "asks_again_for": reasons})

    @extend_schema(
        summary=_("Publish a draft; from then on it never changes"), request=PublishPayload, responses=NoticeDetail
    )
    def publish(self, request: Request, **kwargs: Any) -> Response:
        sent = self.read(PublishPayload)
        shown = sent.pop("asks_again_for", None)
        notice = services.publish(tenant=self.tenant, notice=self.get_object(), actor=request.user, shown=shown, **sent)
        return self.show(notice)

    def read_query(self, shape: type[Serializer]) -> dict[str, Any]:
        """Return what stands behind the question mark, in shape. Raises DRF's ValidationError."""
        serializer = shape(data=self.request.query_params)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data
