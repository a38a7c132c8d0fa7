"""What a door terminal sends and is told."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from portal.api.serializers.fields import KindField, Payload
from tenants.organizations.kinds import StorageMode
from tenants.people.kinds import PassKind
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


class AnswerShape(serializers.Serializer):
    """Open or not, and by which rule. Never a score, a name or a person."""

    allowed = serializers.BooleanField()
    rule = serializers.CharField()
    sentence = serializers.CharField()
    event = serializers.UUIDField(allow_null=True)
