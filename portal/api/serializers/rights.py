"""Requests, erasures and door events."""

import uuid
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.api.serializers.fields import KindField, Payload, RelatedField
from recognition.matching import answers
from recognition.matching.models import DoorEvent
from tenants.organizations.models import Membership
from tenants.people.models import Person
from tenants.people.services.minors import may_see
from tenants.premises.kinds import DeviceMode, MethodKind
from tenants.rights.kinds import (
    Delivery,
    ErasureReason,
    ErasureScope,
    IdentityProof,
    MessageKind,
    RefusalCode,
    RequestChannel,
    Requester,
    RequestKind,
    RequestState,
)
from tenants.rights.models import Erasure, ErasureReceipt, RequestMessage, RightsRequest
from tenants.rights.rules import OPEN_STATES, working_days_left
from tenants.rights.services import merging


class MessageShape(serializers.ModelSerializer):
    """A message to or from the person, or a note that members read and the person finds in their package."""

    kind = KindField(MessageKind)
    delivery = KindField(Delivery, help_text=_("Messages lie on the tracking page at once; mail or SMS only says so."))

    class Meta:
        model = RequestMessage
        fields = read_only_fields = ["id", "kind", "text", "template", "author", "at", "delivery", "sent_at"]


# What whoever asked, or the property, put into words.
WRITTEN = ("relation", "name", "contact", "room", "message", "extension_reason", "answer")


class RequestShape(serializers.ModelSerializer):
    kind = KindField(RequestKind)
    state = KindField(RequestState)
    channel = KindField(RequestChannel)
    asked_by = KindField(Requester)
    identity_by = KindField(IdentityProof, allow_blank=True, help_text=_("Empty until it is proved who asks."))
    refusal_code = KindField(RefusalCode, allow_blank=True)
    package_until = serializers.DateTimeField(source="package.expires_at", default=None, allow_null=True)
    downloads = serializers.IntegerField(source="package.downloads", default=None, allow_null=True)
    working_days_left = serializers.SerializerMethodField(
        help_text=_("Empty once the request is closed; negative when it is late.")
    )

    is_hidden = serializers.SerializerMethodField(
        help_text=_("Whether it is about a minor whose record is closed to you: then nothing written is shown.")
    )

    class Meta:
        model = RightsRequest
        fields = [
            "id",
            "is_hidden",
            "number",
            "kind",
            "state",
            "channel",
            "language",
            "asked_by",
            "relation",
            "name",
            "contact",
            "room",
            "message",
            "person",
            "received_at",
            "assigned_to",
            "identity_by",
            "identity_checked_by",
            "identity_checked_at",
            "due_on",
            "is_due_final",
            "working_days_left",
            "paused_on",
            "extended_on",
            "extension_reason",
            "escalated_at",
            "merged_into",
            "answer",
            "refusal_code",
            "refusal_article",
            "closed_at",
            "package_until",
            "downloads",
        ]
        read_only_fields = fields

    def get_is_hidden(self, request: RightsRequest) -> bool:
        known = getattr(request, "is_hidden", None)  # lists find it out for all rows in one query
        if known is not None or request.person is None:
            return bool(known)
        return not may_see(actor=self.context["request"].user, person=request.person)

    def to_representation(self, request: RightsRequest) -> dict[str, Any]:
        shown = super().to_representation(request)
        return shown | (dict.fromkeys(WRITTEN, "") if shown["is_hidden"] else {})

    def get_working_days_left(self, request: RightsRequest) -> int | None:
        return working_days_left(timezone.localdate(), request.due_on) if request.state in OPEN_STATES else None


class RequestDetail(RequestShape):
    similar = serializers.SerializerMethodField(
        help_text=_("Open requests of the same kind by the same person or with the same contact.")
    )

    class Meta(RequestShape.Meta):
        fields = read_only_fields = [*RequestShape.Meta.fields, "similar"]

    def get_similar(self, request: RightsRequest) -> list[uuid.UUID]:
        return [row.pk for row in merging.similar(request)] if request.state in OPEN_STATES else []


class ConfirmPayload(Payload):
    person = RelatedField(queryset=Person.objects.all())


class TextPayload(Payload):
    text = serializers.CharField(max_length=4000)


class RefusePayload(Payload):
    """How to complain or sue is added to the text by itself."""

    code = KindField(RefusalCode)
    article = serializers.CharField(max_length=60)
    text = serializers.CharField(max_length=3000)


class ReasonPayload(Payload):
    reason = serializers.CharField(max_length=500)


class AssignPayload(Payload):
    member = RelatedField(queryset=Membership.objects.filter(is_active=True), allow_null=True)


class MergePayload(Payload):
    into = RelatedField(queryset=RightsRequest.objects.all())


class MessagePayload(Payload):
    kind = serializers.ChoiceField(choices=[MessageKind.TO_PERSON, MessageKind.NOTE])
    text = serializers.CharField(max_length=4000)


class RequestPayload(Payload):
    kind = KindField(RequestKind)
    name = serializers.CharField(max_length=80)
    contact = serializers.CharField(max_length=120)
    room = serializers.CharField(max_length=40, allow_blank=True, required=False)
    message = serializers.CharField(max_length=2000, allow_blank=True, required=False)
    asked_by = KindField(Requester, required=False)
    relation = serializers.CharField(
        max_length=200, allow_blank=True, required=False, help_text=_("For whom, and on what ground; not for oneself.")
    )
    language = serializers.ChoiceField(choices=["zh-hans", "en"], required=False)


class DeskRequestPayload(RequestPayload):
    channel = serializers.ChoiceField(
        choices=[RequestChannel.PAPER, RequestChannel.PHONE, RequestChannel.API], default=RequestChannel.API
    )


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
    refusal_code = KindField(RefusalCode, allow_blank=True)
    package_until = serializers.DateTimeField(source="package.expires_at", default=None, allow_null=True)

    class Meta:
        model = RightsRequest
        fields = [
            "number",
            "kind",
            "state",
            "received_at",
            "due_on",
            "is_due_final",
            "extended_on",
            "answer",
            "refusal_code",
            "refusal_article",
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
            "tries",
            "next_try_at",
            "escalated_at",
            "has_held",
            "is_certified",
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
