"""What needs two members: legal holds, and terminals that are declared lost."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.serializers.holds import HoldPayload, HoldShape, LossPayload, LossShape
from portal.api.views.foundation import MemberViews
from recognition.edge.models import DeviceLoss
from recognition.edge.services import losses
from tenants.organizations.roles import Permission as P
from tenants.rights.models import LegalHold
from tenants.rights.services import holds


@extend_schema_view(
    list=extend_schema(summary=_("List legal holds, the newest first")),
    retrieve=extend_schema(summary=_("Show a legal hold")),
)
class HoldViews(MemberViews):
    tag = "holds"
    permission, permission_write = P.VIEW_RETENTION, P.MANAGE_RETENTION
    sensitive = True
    queryset = LegalHold.objects.order_by("-asked_at", "pk")
    serializer_class = HoldShape
    filterset_fields = ["kind", "person"]

    @extend_schema(
        summary=_("Ask for a legal hold; it keeps nothing until a second member approves it"),
        request=HoldPayload,
        responses={201: HoldShape},
    )
    def create(self, request: Request, **kwargs: Any) -> Response:
        return self.show(holds.ask(tenant=self.tenant, actor=request.user, **self.read(HoldPayload)), status=201)

    @extend_schema(summary=_("Approve a legal hold that somebody else asked for"), request=None)
    def approve(self, request: Request, **kwargs: Any) -> Response:
        return self.show(holds.approve(tenant=self.tenant, hold=self.get_object(), actor=request.user))

    @extend_schema(summary=_("End a legal hold before its day, or turn it down"), request=None)
    def lift(self, request: Request, **kwargs: Any) -> Response:
        return self.show(holds.lift(tenant=self.tenant, hold=self.get_object(), actor=request.user))


@extend_schema_view(
    list=extend_schema(summary=_("List the losses of terminals, the newest first")),
    retrieve=extend_schema(summary=_("Show a loss")),
)
class LossViews(MemberViews):
    tag = "losses"
    permission, permission_write = P.VIEW_PREMISES, P.MANAGE_PREMISES
    sensitive = True
    queryset = DeviceLoss.objects.order_by("-declared_at", "pk")
    serializer_class = LossShape
    filterset_fields = ["device"]

    @extend_schema(
        summary=_("Declare a terminal lost; it counts once a second member confirms it"),
        request=LossPayload,
        responses={201: LossShape},
    )
    def create(self, request: Request, **kwargs: Any) -> Response:
        return self.show(losses.declare(tenant=self.tenant, actor=request.user, **self.read(LossPayload)), status=201)

    @extend_schema(summary=_("Say that a terminal is not lost after all, before it is confirmed"), request=None)
    def take_back(self, request: Request, **kwargs: Any) -> Response:
        return self.show(losses.take_back(tenant=self.tenant, loss=self.get_object(), actor=request.user))


class LossConfirmation(MemberViews):
    """Another right than to declare one, as on the pages: an erasure is complete by it without the terminal."""

    tag = "losses"
    permission = P.MANAGE_RETENTION
    sensitive = True
    queryset = DeviceLoss.objects.order_by("-declared_at", "pk")
    serializer_class = LossShape

    @extend_schema(
        summary=_("Confirm a loss that somebody else declared: its keys stop, and no erasure waits for it any more"),
        request=None,
    )
    def confirm(self, request: Request, **kwargs: Any) -> Response:
        return self.show(losses.confirm(tenant=self.tenant, loss=self.get_object(), actor=request.user))
