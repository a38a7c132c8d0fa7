"""Zones, doors, devices."""

from rest_framework import serializers

from portal.api.serializers.fields import KindField, Payload, RelatedField
from tenants.clearance.checks import Check
from tenants.clearance.services import check_device
from tenants.premises.kinds import DeviceMode, DeviceState, MethodKind, SuspensionReason, ZoneKind
from tenants.premises.models import AccessMethod, AccessPoint, Device, Zone


class CheckShape(serializers.Serializer):
    """One rule of the gate and its answer. Where `holds` is false it blocks."""

    code = serializers.CharField()
    holds = serializers.BooleanField()
    title = serializers.CharField()
    detail = serializers.CharField()
    article = serializers.CharField()


class ZoneShape(serializers.ModelSerializer):
    kind = KindField(ZoneKind)
    is_private = serializers.BooleanField()

    class Meta:
        model = Zone
        fields = ["id", "name", "kind", "is_private", "created_at"]
        read_only_fields = fields


class ZoneChange(ZoneShape):
    suspended = serializers.ListField(child=serializers.UUIDField(), default=[])

    class Meta(ZoneShape.Meta):
        fields = [*ZoneShape.Meta.fields, "suspended"]
        read_only_fields = fields


class ZonePayload(Payload):
    name = serializers.CharField(max_length=80)
    kind = KindField(ZoneKind)


class MethodShape(serializers.ModelSerializer):
    kind = KindField(MethodKind)

    class Meta:
        model = AccessMethod
        fields = read_only_fields = ["kind", "is_live", "out_of_order_since"]


class DoorShape(serializers.ModelSerializer):
    methods = MethodShape(many=True)

    class Meta:
        model = AccessPoint
        fields = ["id", "name", "zone", "methods", "created_at"]
        read_only_fields = fields


class DoorChange(DoorShape):
    suspended = serializers.ListField(child=serializers.UUIDField(), default=[])

    class Meta(DoorShape.Meta):
        fields = [*DoorShape.Meta.fields, "suspended"]
        read_only_fields = fields


class DoorPayload(Payload):
    name = serializers.CharField(max_length=80)
    zone = RelatedField(queryset=Zone.objects.all())
    methods = serializers.ListField(child=KindField(MethodKind), max_length=len(MethodKind))


class MethodPayload(Payload):
    is_live = serializers.BooleanField()


class DeviceShape(serializers.ModelSerializer):
    mode = KindField(DeviceMode)
    state = KindField(DeviceState)
    suspended_for = KindField(SuspensionReason, allow_blank=True)

    class Meta:
        model = Device
        fields = [
            "id",
            "access_point",
            "name",
            "vendor",
            "model",
            "serial",
            "mode",
            "state",
            "suspended_for",
            "state_changed_at",
            "credential_issued_at",
            "last_seen_at",
            "created_at",
        ]
        read_only_fields = fields


class DeviceDetail(DeviceShape):
    checks = serializers.SerializerMethodField()

    class Meta(DeviceShape.Meta):
        fields = [*DeviceShape.Meta.fields, "checks"]
        read_only_fields = fields

    def get_checks(self, device: Device) -> CheckShape(many=True):
        checks: list[Check] = check_device(device)
        return CheckShape(checks, many=True).data


class DeviceRegistered(DeviceShape):
    credential = serializers.CharField(default="")

    class Meta(DeviceShape.Meta):
        fields = [*DeviceShape.Meta.fields, "credential"]
        read_only_fields = fields


class CredentialShape(serializers.Serializer):
    credential = serializers.CharField()


class DevicePayload(Payload):
    access_point = RelatedField(queryset=AccessPoint.objects.select_related("zone"))
    name = serializers.CharField(max_length=80)
    mode = KindField(DeviceMode, required=False)
    vendor = serializers.CharField(max_length=80, allow_blank=True, required=False)
    model = serializers.CharField(max_length=80, allow_blank=True, required=False)
    serial = serializers.CharField(max_length=80, allow_blank=True, required=False)
