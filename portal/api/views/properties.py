"""Properties, retention, members."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.authentication import OF_MEMBERS
from portal.api.filters import MemberFilter
from portal.api.serializers.properties import (
    MemberPayload,
    MemberShape,
    PropertyDetail,
    PropertyPayload,
    PropertyShape,
    ReadinessShape,
    RetentionPayload,
    RetentionShape,
    RolePayload,
    StopPayload,
)
from portal.api.views.foundation import OF_ANY_MEMBER, ApiViews, MemberViews
from portal.security.figures import people_of
from portal.sign_in import invitations
from portal.tenancy import token_of
from recognition.engine import liveness
from tenants.organizations.access import tenants_of
from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Membership, Property
from tenants.organizations.roles import Permission as P
from tenants.organizations.services import members, properties
from tenants.rights.duties import readiness
from tenants.rights.services.retention import set_clocks


@extend_schema_view(list=extend_schema(summary=_("List the properties in which I am a member")))
class MyProperties(ApiViews):
    """The only members' address without a tenant: the reader's own memberships, or a token's one property."""

    tag = "properties"
    authentication_classes = OF_MEMBERS
    permission_classes = [IsAuthenticated]
    queryset = Property.objects.order_by("name", "pk").none()
    serializer_class = PropertyShape
    filter_backends = []

    def door(self, method: str) -> Iterator[tuple[int, str]]:
        yield from super().door(method)
        yield from OF_ANY_MEMBER

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset()
        mine, token = tenants_of(user=self.request.user), token_of(self.request)
        return (mine.filter(pk=token.tenant_id) if token else mine).order_by("name", "pk")


class PropertyViews(MemberViews):
    tag = "property"
    permission, permission_write = P.VIEW_HOME, P.MANAGE_PROPERTY
    serializer_class = PropertyDetail

    @extend_schema(summary=_("Show a property and what I may do there"))
    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        return self.show(self.tenant)

    @extend_schema(summary=_("Change name, address or place of storage"), request=PropertyPayload)
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        return self.show(properties.update_property(tenant=self.tenant, **self.read(PropertyPayload)))

    @extend_schema(summary=_("Stop every face of the property at once"), request=StopPayload)
    def stop_faces(self, request: Request, **kwargs: Any) -> Response:
        return self.show(properties.stop_faces(tenant=self.tenant, **self.read(StopPayload)))

    @extend_schema(summary=_("End the stop; each device and face still has to pass the gate"), request=None)
    def release_faces(self, request: Request, **kwargs: Any) -> Response:
        return self.show(properties.release_faces(tenant=self.tenant))


class ReadinessViews(MemberViews):
    tag = "readiness"
    permission = P.VIEW_HOME
    serializer_class = ReadinessShape

    @extend_schema(summary=_("List every duty as met, due or blocking, with its article and evidence"))
    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        duties = readiness(self.tenant, count_people=lambda: people_of(self.tenant.handler_id))
        tests_here = self.tenant.storage_mode == StorageMode.PORTAL
        return self.show({"duties": duties, "liveness_test": liveness.state() if tests_here else None})


class RetentionViews(MemberViews):
    tag = "retention"
    permission, permission_write = P.VIEW_RETENTION, P.MANAGE_RETENTION
    serializer_class = RetentionShape

    @extend_schema(summary=_("Show how long faces and door events are kept"))
    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        return self.show(self.tenant)

    @extend_schema(summary=_("Set how long faces and door events are kept"), request=RetentionPayload)
    def update(self, request: Request, **kwargs: Any) -> Response:
        return self.show(set_clocks(tenant=self.tenant, **self.read(RetentionPayload)))


@extend_schema_view(
    list=extend_schema(summary=_("List members")),
    retrieve=extend_schema(summary=_("Show a member")),
)
class MembershipViews(MemberViews):
    tag = "members"
    permission, permission_write = P.VIEW_MEMBERS, P.MANAGE_MEMBERS
    sensitive = True
    queryset = Membership.objects.select_related("user").order_by("created_at", "pk")
    serializer_class = MemberShape
    filterset_class = MemberFilter

    @extend_schema(summary=_("Add a member"), request=MemberPayload, responses={201: MemberShape})
    def create(self, request: Request, **kwargs: Any) -> Response:
        member = members.add_member(tenant=self.tenant, **self.read(MemberPayload))
        if not member.user.has_usable_password():
            invitations.send(request._request, user=member.user)
        return self.show(member, status=201)

    @extend_schema(summary=_("Change a member's role"), request=RolePayload)
    def update(self, request: Request, **kwargs: Any) -> Response:
        membership = self.get_object()
        return self.show(
            members.change_role(tenant=self.tenant, membership=membership, role=self.read(RolePayload)["role"])
        )

    @extend_schema(summary=_("Remove a member; the record stays"))
    def destroy(self, request: Request, **kwargs: Any) -> Response:
        members.remove_member(tenant=self.tenant, membership=self.get_object())
        return Response(status=204)

    @extend_schema(summary=_("Take a former member back"), request=None)
    def restore(self, request: Request, **kwargs: Any) -> Response:
        return self.show(members.restore_member(tenant=self.tenant, membership=self.get_object()))
