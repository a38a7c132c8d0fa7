"""Zones, doors, devices."""

from rest_framework import serializers

from portal.api.serializers.fields import KindField, MomentField, Payload, RelatedField
from tenants.clearance.checks import Check, Severity
from tenants.clearance.services import check_device
from tenants.premises.kinds import (
    DeviceMode,
    DevicePurpose,
    DeviceState,
    MethodKind,
    Passersby,
    SuspensionReason,
    ZoneKind,
    ZoneLevel,
)
from tenants.premises.models import AccessMethod, AccessPoint, Device, Zone
from tenants.premises.rules import Inconvenience, test_faults


class CheckShape(serializers.Serializer):
    """One rule of the gate and its answer. Where `holds` is false it blocks, or is due."""

    code = serializers.CharField()
    holds = serializers.BooleanField()
    severity = serializers.ChoiceField(choices=[(value.value, value.value) for value in Severity])
    title = serializers.CharField()
    detail = serializers.CharField()
    article = serializers.CharField()
    since = serializers.DateField()


class ZoneShape(serializers.ModelSerializer):
    """`is_private`: by its own kind or that of a place around it."""

    kind = KindField(ZoneKind)
    level = KindField(ZoneLevel)
    is_private = serializers.BooleanField()

    class Meta:
        model = Zone
        fields = ["id", "name", "kind", "level", "parent", "is_private", "created_at"]
        read_only_fields = fields


def _devices() -> serializers.ListField:
    """The devices that a change has stopped, or that work again because of it."""
    return serializers.ListField(child=serializers.UUIDField(), default=[])


class ZoneChange(ZoneShape):
    suspended, resumed = _devices(), _devices()

    class Meta(ZoneShape.Meta):
        fields = [*ZoneShape.Meta.fields, "suspended", "resumed"]
        read_only_fields = fields


class ZonePayload(Payload):
    """Without `parent` or `level` a zone stays where it is."""

    name = serializers.CharField(max_length=80)
    kind = KindField(ZoneKind)
    level = KindField(ZoneLevel, required=False)
    parent = RelatedField(queryset=Zone.objects.all(), allow_null=True, required=False)


class MethodShape(serializers.ModelSerializer):
    """`inconveniences`: why it is not as convenient as the face of the same door (Measures Art 10)."""

    kind = KindField(MethodKind)
    inconveniences = serializers.ListField(child=serializers.ChoiceField([reason.value for reason in Inconvenience]))

    class Meta:
        model = AccessMethod
        fields = read_only_fields = [
            "kind",
            "is_live",
            "out_of_order_since",
            "opens_at",
            "closes_at",
            "fee",
            "steps",
            "distance_m",
            "extra_papers",
            "inconveniences",
        ]


class DoorShape(serializers.ModelSerializer):
    methods = MethodShape(many=True)

    class Meta:
        model = AccessPoint
        fields = ["id", "name", "zone", "methods", "created_at"]
        read_only_fields = fields


class DoorChange(DoorShape):
    suspended, resumed = _devices(), _devices()

    class Meta(DoorShape.Meta):
        fields = [*DoorShape.Meta.fields, "suspended", "resumed"]
        read_only_fields = fields


class DoorPayload(Payload):
    name = serializers.CharField(max_length=80)
    zone = RelatedField(queryset=Zone.objects.all())
    methods = serializers.ListField(child=KindField(MethodKind), max_length=len(MethodKind))


class MethodPayload(Payload):
    """What is not given stays. `since` says when a method that does not work failed."""

    is_live = serializers.BooleanField(required=False)
    since = MomentField(required=False)
    opens_at = serializers.TimeField(allow_null=True, required=False)
    closes_at = serializers.TimeField(allow_null=True, required=False)
    fee = serializers.DecimalField(max_digits=6, decimal_places=2, min_value=0, required=False)
    steps = serializers.IntegerField(min_value=1, max_value=99, required=False)
    distance_m = serializers.IntegerField(min_value=0, max_value=9999, required=False)
    extra_papers = serializers.BooleanField(required=False)


class DeviceShape(serializers.ModelSerializer):
    """`test_faults`: what its test report does not show (GA/T 1093-2023)."""

    mode = KindField(DeviceMode)
    purpose = KindField(DevicePurpose)
    passersby = KindField(Passersby, allow_blank=True)
    state = KindField(DeviceState)
    suspended_for = KindField(SuspensionReason, allow_blank=True)
    test_faults = serializers.SerializerMethodField()

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
            "purpose",
            "algorithm",
            "algorithm_version",
            "tested_on",
            "false_accept_percent",
            "false_reject_percent",
            "attack_success_percent",
            "test_faults",
            "capture_area",
            "security_need",
            "passersby",
            "sign_photo_on",
            "state",
            "suspended_for",
            "state_changed_at",
            "pairing_issued_at",
            "pairing_expires_at",
            "pairing_used_at",
            "last_seen_at",
            "created_at",
        ]
        read_only_fields = fields

    def get_test_faults(self, device: Device) -> list[str]:
        return list(
            test_faults(
                device.mode, device.false_accept_percent, device.false_reject_percent, device.attack_success_percent
            )
        )


class DeviceDetail(DeviceShape):
    checks = serializers.SerializerMethodField()

    class Meta(DeviceShape.Meta):
        fields = [*DeviceShape.Meta.fields, "checks"]
        read_only_fields = fields

    def get_checks(self, device: Device) -> CheckShape(many=True):
        checks: list[Check] = check_device(device)
        return CheckShape(checks, many=True).data


class DeviceChange(DeviceDetail):
    suspended, resumed = _devices(), _devices()

    class Meta(DeviceDetail.Meta):
        fields = [*DeviceDetail.Meta.fields, "suspended", "resumed"]
        read_only_fields = fields


class DeviceRegistered(DeviceShape):
    pairing_code = serializers.CharField(default="")

    class Meta(DeviceShape.Meta):
        fields = [*DeviceShape.Meta.fields, "pairing_code"]
        read_only_fields = fields


class PairingShape(serializers.Serializer):
    pairing_code = serializers.CharField(default="")
    pairing_expires_at = serializers.DateTimeField()


def _percent() -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=7, decimal_places=4, min_value=0, max_value=100, allow_null=True, required=False
    )


class DeviceFacts(Payload):
    """What is known of a device; each fact may come later."""

    mode = KindField(DeviceMode, required=False)
    purpose = KindField(DevicePurpose, required=False)
    vendor = serializers.CharField(max_length=80, allow_blank=True, required=False)
    model = serializers.CharField(max_length=80, allow_blank=True, required=False)
    serial = serializers.CharField(max_length=80, allow_blank=True, required=False)
    algorithm = serializers.CharField(max_length=80, allow_blank=True, required=False)
    algorithm_version = serializers.CharField(max_length=40, allow_blank=True, required=False)
    tested_on = serializers.DateField(allow_null=True, required=False)
    false_accept_percent = _percent()
    false_reject_percent = _percent()
    attack_success_percent = _percent()
    capture_area = serializers.CharField(max_length=1000, allow_blank=True, required=False)
    security_need = serializers.CharField(max_length=1000, allow_blank=True, required=False)
    passersby = KindField(Passersby, allow_blank=True, required=False)


class DevicePayload(DeviceFacts):
    access_point = RelatedField(queryset=AccessPoint.objects.select_related("zone"))
    name = serializers.CharField(max_length=80)


class DevicePatch(DeviceFacts):
    """Another door needs a photo of the sign there before the device uses faces again."""

    access_point = RelatedField(queryset=AccessPoint.objects.all(), required=False)
    name = serializers.CharField(max_length=80, required=False)
