"""Impact assessments: draft, edit, sign."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.serializers.assessments import (
    AssessmentDetail,
    AssessmentPayload,
    AssessmentShape,
    IncidentPayload,
    SeenPayload,
)
from portal.api.views.foundation import MemberViews
from portal.security.figures import people_of
from tenants.organizations.roles import Permission as P
from tenants.transparency.models import Assessment
from tenants.transparency.services import assessments as services
from tenants.transparency.services.incidents import record_incident


@extend_schema_view(
    list=extend_schema(summary=_("List the versions of the impact assessment"), responses=AssessmentShape(many=True)),
    retrieve=extend_schema(summary=_("Show a version with its texts and risks")),
)
class AssessmentViews(MemberViews):
    tag = "assessments"
    permission, permission_write = P.VIEW_ASSESSMENTS, P.MANAGE_ASSESSMENTS
    queryset = Assessment.objects.order_by("-version").select_related("signed_by")
    filterset_fields = ["state"]

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset()
        return rows if self.action == "list" else rows.prefetch_related("risks", "contributions__user")

    def get_serializer_class(self) -> type[AssessmentShape]:
        return AssessmentShape if self.action == "list" else AssessmentDetail

    @extend_schema(
        summary=_("Begin the next version, or return the draft that is open"),
        request=None,
        responses={201: AssessmentDetail},
    )
    def create(self, request: Request, **kwargs: Any) -> Response:
        return self.show(services.start_draft(tenant=self.tenant, actor=request.user), status=201)

    @extend_schema(summary=_("Change a draft"), request=AssessmentPayload)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        draft, written = self.get_object(), self.read(AssessmentPayload)
        return self.show(services.edit(tenant=self.tenant, assessment=draft, actor=request.user, **written))

    @extend_schema(summary=_("Discard a draft"), parameters=[SeenPayload])
    def destroy(self, request: Request, **kwargs: Any) -> Response:
        draft, query = self.get_object(), SeenPayload(data=request.query_params)
        query.is_valid(raise_exception=True)
        services.discard_draft(tenant=self.tenant, assessment=draft, **query.validated_data)
        return Response(status=204)

    @extend_schema(
        summary=_("Record that something serious happened: every device and face stops until the next version"),
        request=IncidentPayload,
        responses={201: AssessmentDetail},
    )
    def incident(self, request: Request, **kwargs: Any) -> Response:
        told = self.read(IncidentPayload)
        return self.show(record_incident(tenant=self.tenant, actor=request.user, **told), status=201)


class AssessmentSignature(MemberViews):
    """Signing is a right of its own, and a person's."""

    tag = "assessments"
    permission = P.SIGN_ASSESSMENTS
    in_person = frozenset({"sign"})
    queryset = Assessment.objects.all()
    serializer_class = AssessmentDetail

    @extend_schema(summary=_("Sign a draft; from then on it never changes"), request=SeenPayload)
    def sign(self, request: Request, **kwargs: Any) -> Response:
        signed = services.sign(
            tenant=self.tenant,
            assessment=self.get_object(),
            actor=request.user,
            people_count=people_of(self.tenant.handler_id),
            **self.read(SeenPayload),
        )
        return self.show(signed)
