"""What a door terminal sends and is told."""

from rest_framework import serializers

from portal.api.serializers.fields import KindField, Payload
from tenants.organizations.kinds import StorageMode
from tenants.premises.kinds import DeviceMode, DeviceState, SuspensionReason


class HeartbeatPayload(Payload):
    """Nothing: that the terminal speaks is all there is to say."""


class HeartbeatShape(serializers.Serializer):
    device = serializers.UUIDField(source="id")
    name = serializers.CharField()
    access_point = serializers.CharField(source="access_point.name")
    state = KindField(DeviceState)
    suspended_for = KindField(SuspensionReason, allow_blank=True)
    mode = KindField(DeviceMode)
    storage_mode = KindField(StorageMode, source="tenant.storage_mode")


class IdentifyPayload(Payload):
    photo = serializers.FileField(allow_empty_file=True)


class VerifyPayload(IdentifyPayload):
    person = serializers.UUIDField()


class AnswerShape(serializers.Serializer):
    """Open or not, and by which rule. Never a score, a name or a person."""

    allowed = serializers.BooleanField()
    rule = serializers.CharField()
    sentence = serializers.CharField()
    event = serializers.UUIDField(allow_null=True)
