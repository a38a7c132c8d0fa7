"""What a door terminal is asked to do, what it answers, and what it tells of its door."""

import base64
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.api.serializers.fields import KindField, MomentField, Payload, RelatedField
from portal.api.serializers.terminal_examples import with_example
from recognition.edge.kinds import CopyState, OrderKind, OrderState
from recognition.edge.models import DeviceCopy, DeviceOrder
from recognition.edge.receipt_text import MOST
from recognition.matching import answers
from tenants.premises.kinds import DeviceMode, MethodKind
from tenants.premises.models import Device

EVENTS_AT_ONCE = 500
HIGHEST = 2**63 - 1


class AfterPayload(Payload):
    after = serializers.IntegerField(
        min_value=0, max_value=HIGHEST, default=0, help_text=_("Only orders with a higher number.")
    )


class SealedField(serializers.CharField):
    """Bytes that only the terminal opens, in base64."""

    def to_representation(self, value: bytes | memoryview) -> str:
        return base64.b64encode(bytes(value)).decode()


class OrderShape(serializers.Serializer):
    """One piece of work. Only what its kind has is there."""

    number = serializers.IntegerField()
    kind = KindField(OrderKind)
    person = serializers.UUIDField(source="person_id", required=False)
    until = serializers.DateTimeField(required=False)
    model = serializers.CharField(source="model_version", required=False)
    dimension = serializers.IntegerField(required=False)
    count = serializers.IntegerField(required=False)
    sealed = SealedField(required=False)

    def to_representation(self, order: DeviceOrder) -> dict[str, Any]:
        return {name: value for name, value in super().to_representation(order).items() if value not in (None, "", 0)}


@with_example
class OrdersShape(serializers.Serializer):
    orders = OrderShape(many=True)
    more = serializers.BooleanField()


@with_example
class ReceiptPayload(Payload):
    receipt = serializers.CharField(
        max_length=MOST, trim_whitespace=False, help_text=_("The text that was signed, unchanged.")
    )
    signature = serializers.CharField(max_length=128)


@with_example
class ConfirmedShape(serializers.Serializer):
    order = serializers.IntegerField(source="number")
    state = KindField(OrderState)


class EventPayload(Payload):
    id = serializers.UUIDField()
    at = MomentField()
    method = KindField(MethodKind)
    mode = KindField(DeviceMode, allow_blank=True, default="")
    person = serializers.UUIDField(allow_null=True, default=None)
    allowed = serializers.BooleanField()
    rule = serializers.ChoiceField(choices=answers.RULES)


@with_example
class EventsPayload(Payload):
    events = EventPayload(many=True, max_length=EVENTS_AT_ONCE)


class RefusedEventShape(serializers.Serializer):
    id = serializers.UUIDField()
    code = serializers.CharField()


@with_example
class TakenShape(serializers.Serializer):
    stored = serializers.IntegerField()
    known = serializers.IntegerField()
    refused = RefusedEventShape(many=True)


@with_example
class DecidePayload(Payload):
    person = serializers.UUIDField()
    mode = KindField(DeviceMode)


class TakeFacePayload(Payload):
    device = RelatedField(queryset=Device.objects.all())


class PersonTerminalShape(serializers.ModelSerializer):
    """Where one person's face is, at one terminal; and until when it waits for the person, if it does."""

    device = serializers.UUIDField(source="device_id")
    name = serializers.CharField(source="device.name")
    access_point = serializers.CharField(source="device.access_point.name")
    state = KindField(CopyState)
    until = serializers.DateTimeField(allow_null=True, default=None)

    class Meta:
        model = DeviceCopy
        fields = ["device", "name", "access_point", "state", "since", "until"]
