"""What a door terminal sends and is told."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from portal.api.serializers.fields import KindField, Payload
from portal.api.serializers.terminal_examples import with_example
from tenants.organizations.kinds import StorageMode
from tenants.people.kinds import PassKind
from tenants.premises.kinds import DeviceMode, DeviceState, SuspensionReason


class ReportPayload(Payload):
    """What a terminal says of itself; each field may be left out when it did not change."""

    firmware = serializers.CharField(max_length=40, required=False, allow_blank=True)
    algorithm = serializers.CharField(max_length=80, required=False, allow_blank=True)
    algorithm_version = serializers.CharField(max_length=40, required=False, allow_blank=True)
    model = serializers.CharField(max_length=120, required=False, allow_blank=True)
    faces = serializers.IntegerField(min_value=0, max_value=1_000_000, required=False)
    last_order = serializers.IntegerField(min_value=0, max_value=2**63 - 1, required=False)


@with_example
class HeartbeatPayload(Payload):
    report = ReportPayload(required=False)


class DeviceNameShape(serializers.Serializer):
    """Of whatever has a `device`."""

    device = serializers.UUIDField(source="device.pk")
    name = serializers.CharField(source="device.name")
    access_point = serializers.CharField(source="device.access_point.name")
    storage_mode = KindField(StorageMode, source="device.tenant.storage_mode")


@with_example
class HeartbeatShape(DeviceNameShape):
    """`orders`: how many wait. `faces_until`: the lease. `hours`: of the face at this door, none for the whole day."""

    state = KindField(DeviceState, source="device.state")
    suspended_for = KindField(SuspensionReason, source="device.suspended_for", allow_blank=True)
    mode = KindField(DeviceMode, source="device.mode")
    orders = serializers.IntegerField()
    faces_until = serializers.DateTimeField()
    hours = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    server_time = serializers.DateTimeField()


class KeysPayload(Payload):
    """Two public keys of 32 bytes, each in standard base64."""

    signing_key = serializers.CharField(max_length=64)
    sealing_key = serializers.CharField(max_length=64)


@with_example
class PairPayload(KeysPayload):
    code = serializers.CharField(max_length=200)
    report = ReportPayload(required=False)


@with_example
class PairedShape(DeviceNameShape):
    keyid = serializers.CharField(default="")
    server_time = serializers.DateTimeField(default=None)


@with_example
class RotatePayload(KeysPayload):
    proof = serializers.CharField(max_length=128)


@with_example
class KeyShape(serializers.Serializer):
    keyid = serializers.CharField()


class IdentifyPayload(Payload):
    photo = serializers.FileField(allow_empty_file=True)


class VerifyPayload(IdentifyPayload):
    person = serializers.UUIDField()


@with_example
class PassPayload(Payload):
    """What one kind of pass needs, and nothing of the other kinds."""

    NEEDS = {PassKind.CARD: ("card",), PassKind.PIN: ("number", "pin"), PassKind.QR: ("qr",)}

    kind = KindField(PassKind)
    card = serializers.CharField(max_length=64, required=False, help_text=_("As the reader gives it."))
    number = serializers.CharField(max_length=16, required=False, help_text=_("The personal number."))
    pin = serializers.CharField(max_length=16, required=False)
    qr = serializers.CharField(max_length=64, required=False, help_text=_("The whole text of the QR."))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        needed, wrong = self.NEEDS[PassKind(attrs["kind"])], {}
        for name in ("card", "number", "pin", "qr"):
            if name in needed and name not in attrs:
                wrong[name] = [ErrorDetail(str(_("This kind of pass needs it.")), code="required")]
            elif name in attrs and name not in needed:
                wrong[name] = [ErrorDetail(str(_("This kind of pass does not take it.")), code="unknown_field")]
        if wrong:
            raise serializers.ValidationError(wrong)
        return attrs


@with_example
class AnswerShape(serializers.Serializer):
    """Open or not, and by which rule. Never a score, a name or a person."""

    allowed = serializers.BooleanField()
    rule = serializers.CharField()
    sentence = serializers.CharField()
    event = serializers.UUIDField(allow_null=True)
