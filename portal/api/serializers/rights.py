"""Requests, erasures and door events."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.api.serializers.fields import KindField, Payload, RelatedField
from recognition.matching import answers
from recognition.matching.models import DoorEvent
from tenants.people.models import Person
from tenants.premises.kinds import DeviceMode, MethodKind
from tenants.rights.kinds import ErasureReason, ErasureScope, RequestKind, RequestState
from tenants.rights.models import Erasure, ErasureReceipt, RightsRequest
from tenants.rights.rules import OPEN_STATES, working_days_left


class RequestShape(serializers.ModelSerializer):
    kind = KindField(RequestKind)
    state = KindField(RequestState)
    working_days_left = serializers.SerializerMethodField(
        help_text=_("Empty once the request is closed; negative when it is late.")
    )

    class Meta:
        model = RightsRequest
        fields = [
            "id",
            "number",
            "kind",
            "state",
            "name",
            "contact",
            "room",
            "message",
            "person",
            "received_at",
            "due_on",
            "is_due_final",
            "working_days_left",
            "answer",
            "closed_at",
            "package_until",
            "downloads",
        ]
        read_only_fields = fields

    def get_working_days_left(self, request: RightsRequest) -> int | None:
        return working_days_left(timezone.localdate(), request.due_on) if request.state in OPEN_STATES else None


class ConfirmPayload(Payload):
    person = RelatedField(queryset=Person.objects.all())


class TextPayload(Payload):
    text = serializers.CharField(max_length=4000)


class RequestPayload(Payload):
    kind = KindField(RequestKind)
    name = serializers.CharField(max_length=80)
    contact = serializers.CharField(max_length=120)
    room = serializers.CharField(max_length=40, allow_blank=True, required=False)
    message = serializers.CharField(max_length=2000, allow_blank=True, required=False)


class RequestReceived(serializers.Serializer):
    """The tracking code is shown here once and cannot be shown again."""

    number = serializers.CharField()
    tracking_code = serializers.CharField()
    due_on = serializers.DateField()
    is_due_final = serializers.BooleanField()


class RequestStatus(serializers.ModelSerializer):
    """What the tracking code shows: the state and the answer, not what was written."""

    kind = KindField(RequestKind)
    state = KindField(RequestState)

    class Meta:
        model = RightsRequest
        fields = [
            "number",
            "kind",
            "state",
            "received_at",
            "due_on",
            "is_due_final",
            "answer",
            "closed_at",
            "package_until",
        ]
        read_only_fields = fields


class ReceiptShape(serializers.ModelSerializer):
    class Meta:
        model = ErasureReceipt
        fields = read_only_fields = ["store", "erased", "remaining", "at"]


class ErasureShape(serializers.ModelSerializer):
    reason = KindField(ErasureReason)
    scope = KindField(ErasureScope)
    receipts = ReceiptShape(many=True)

    class Meta:
        model = Erasure
        fields = [
            "id",
            "person",
            "reason",
            "scope",
            "request",
            "ordered_at",
            "keys_destroyed",
            "completed_at",
            "receipts",
        ]
        read_only_fields = fields


class EventShape(serializers.ModelSerializer):
    """One answer at a door. The person is a random id, and null where nobody was recognised."""

    method = KindField(MethodKind)
    mode = KindField(DeviceMode, allow_blank=True, help_text=_("Empty for a pass."))
    access_point = serializers.UUIDField(source="device.access_point_id")
    sentence = serializers.SerializerMethodField()

    class Meta:
        model = DoorEvent
        fields = ["id", "at", "device", "access_point", "method", "mode", "is_allowed", "rule", "sentence", "person"]
        read_only_fields = fields

    def get_sentence(self, event: DoorEvent) -> str:
        return str(answers.sentence(event.rule))
