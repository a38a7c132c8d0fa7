"""Zones, doors, devices."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.filters import DeviceFilter, DoorFilter, ZoneFilter
from portal.api.serializers.premises import (
    DeviceChange,
    DeviceDetail,
    DevicePatch,
    DevicePayload,
    DeviceRegistered,
    DeviceShape,
    DoorChange,
    DoorPayload,
    DoorShape,
    MethodPayload,
    PairingShape,
    ZoneChange,
    ZonePayload,
    ZoneShape,
)
from portal.api.views.foundation import MemberViews
from tenants.clearance.services import activate_device
from tenants.organizations.roles import Permission as P
from tenants.premises.kinds import MethodKind
from tenants.premises.models import AccessMethod, AccessPoint, Device, Zone
from tenants.premises.services import devices, doors, zones
from tenants.premises.services.effects import Effects


def _told(effects: Effects) -> dict[str, list[str]]:
    """Say which devices a change has stopped and which work again: all of them, whatever the rule."""
    return {
        "suspended": [str(device.pk) for device in effects.suspended],
        "resumed": [str(device.pk) for device in effects.resumed],
    }


@extend_schema_view(
    list=extend_schema(summary=_("List zones")),
    retrieve=extend_schema(summary=_("Show a zone")),
)
class ZoneViews(MemberViews):
    tag = "zones"
    permission, permission_write = P.VIEW_PREMISES, P.MANAGE_PREMISES
    queryset = Zone.objects.select_related(Zone.CHAIN).order_by("name", "pk")
    serializer_class = ZoneShape
    filterset_class = ZoneFilter

    @extend_schema(summary=_("Add a zone"), request=ZonePayload, responses={201: ZoneShape})
    def create(self, request: Request, **kwargs: Any) -> Response:
        return self.show(zones.create_zone(tenant=self.tenant, **self.read(ZonePayload)), status=201)

    @extend_schema(
        summary=_("Change a zone; devices that the gate then refuses are suspended at once"),
        request=ZonePayload,
        responses=ZoneChange,
    )
    def update(self, request: Request, **kwargs: Any) -> Response:
        effects = zones.update_zone(tenant=self.tenant, zone=self.get_object(), **self.read(ZonePayload))
        return self.show(self.get_object(), **_told(effects))

    @extend_schema(summary=_("Remove an empty zone"))
    def destroy(self, request: Request, **kwargs: Any) -> Response:
        zones.delete_zone(tenant=self.tenant, zone=self.get_object())
        return Response(status=204)


@extend_schema_view(
    list=extend_schema(summary=_("List doors with their methods")),
    retrieve=extend_schema(summary=_("Show a door with its methods")),
)
class DoorViews(MemberViews):
    tag = "doors"
    permission, permission_write = P.VIEW_PREMISES, P.MANAGE_PREMISES
    queryset = AccessPoint.objects.prefetch_related("methods").order_by("name", "pk")
    serializer_class = DoorShape
    filterset_class = DoorFilter

    @extend_schema(summary=_("Add a door with its methods"), request=DoorPayload, responses={201: DoorShape})
    def create(self, request: Request, **kwargs: Any) -> Response:
        return self.show(doors.create_door(tenant=self.tenant, **self.read(DoorPayload)), status=201)

    @extend_schema(
        summary=_("Change a door; devices that the gate then refuses are suspended at once"),
        request=DoorPayload,
        responses=DoorChange,
    )
    def update(self, request: Request, **kwargs: Any) -> Response:
        effects = doors.update_door(tenant=self.tenant, door=self.get_object(), **self.read(DoorPayload))
        return self.show(self.get_object(), **_told(effects))

    @extend_schema(summary=_("Remove a door that never had a device"))
    def destroy(self, request: Request, **kwargs: Any) -> Response:
        doors.delete_door(tenant=self.tenant, door=self.get_object())
        return Response(status=204)

    @extend_schema(
        summary=_("Record that a method failed or works again, and its hours, cost and place"),
        request=MethodPayload,
        responses=DoorChange,
        parameters=[OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=MethodKind.values)],
    )
    def set_method(self, request: Request, **kwargs: Any) -> Response:
        methods = AccessMethod.objects.select_related("access_point__zone")
        method = get_object_or_404(
            methods, tenant=self.tenant, access_point_id=self.kwargs["pk"], kind=self.kwargs["kind"]
        )
        effects = doors.update_method(tenant=self.tenant, method=method, **self.read(MethodPayload))
        return self.show(self.get_object(), **_told(effects))


@extend_schema_view(
    list=extend_schema(summary=_("List devices"), responses=DeviceShape(many=True)),
    retrieve=extend_schema(summary=_("Show a device with every rule of the gate")),
)
class DeviceViews(MemberViews):
    tag = "devices"
    permission, permission_write = P.VIEW_PREMISES, P.MANAGE_PREMISES
    sensitive_actions = frozenset({"pairing"})
    queryset = (
        Device.objects.select_related(f"access_point__zone__{Zone.CHAIN}", "tenant__handler")
        .prefetch_related("access_point__methods")
        .order_by("name", "pk")
    )
    filterset_class = DeviceFilter

    def get_serializer_class(self) -> type[DeviceShape]:
        return DeviceShape if self.action == "list" else DeviceDetail

    @extend_schema(
        summary=_("Register a device; its pairing code is shown in this answer only"),
        request=DevicePayload,
        responses={201: DeviceRegistered},
    )
    def create(self, request: Request, **kwargs: Any) -> Response:
        device, code = devices.register(tenant=self.tenant, **self.read(DevicePayload))
        return self.show(device, DeviceShape, status=201, pairing_code=code)

    @extend_schema(
        summary=_("Change what is known of a device, or its door; what the gate then refuses is suspended at once"),
        request=DevicePatch,
        responses=DeviceChange,
    )
    def partial_update(self, request: Request, **kwargs: Any) -> Response:
        effects = devices.update(tenant=self.tenant, device=self.get_object(), **self.read(DevicePatch))
        return self.show(self.get_object(), **_told(effects))

    @extend_schema(summary=_("Activate a device, if every rule of the gate holds"), request=None)
    def activate(self, request: Request, **kwargs: Any) -> Response:
        activate_device(tenant=self.tenant, device=self.get_object())
        return self.show(self.get_object())

    @extend_schema(summary=_("Suspend a device at once"), request=None)
    def suspend(self, request: Request, **kwargs: Any) -> Response:
        devices.suspend(tenant=self.tenant, device=self.get_object())
        return self.show(self.get_object())

    @extend_schema(summary=_("Retire a device for good"), request=None)
    def retire(self, request: Request, **kwargs: Any) -> Response:
        devices.retire(tenant=self.tenant, device=self.get_object())
        return self.show(self.get_object())

    @extend_schema(
        summary=_("Make a new pairing code: good once, for an hour; the terminal's keys stop when it is used"),
        request=None,
        responses={201: PairingShape},
    )
    def pairing(self, request: Request, **kwargs: Any) -> Response:
        code = devices.issue_pairing_code(tenant=self.tenant, device=self.get_object())
        return self.show(self.get_object(), PairingShape, status=201, pairing_code=code)
