"""Complaints and the authorities beside them."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.api.serializers.fields import KindField, Payload
from tenants.rights.kinds import ComplaintState
from tenants.rights.models import Complaint
from tenants.rights.rules import working_days_left


class AuthorityShape(serializers.Serializer):
    """One place outside the house to complain to; empty where nothing is known."""

    name = serializers.CharField()
    phone = serializers.CharField(allow_blank=True)
    address = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True)


class ComplaintShape(serializers.ModelSerializer):
    state = KindField(ComplaintState)
    working_days_left = serializers.SerializerMethodField(
        help_text=_("Empty once the complaint is answered; negative when it is late.")
    )

    class Meta:
        model = Complaint
        fields = ["id", "number", "state", "language", "name", "contact", "text", "person", "received_at"]
        fields += ["due_on", "is_due_final", "working_days_left", "escalated_at", "answer", "answered_at"]
        read_only_fields = fields

    def get_working_days_left(self, complaint: Complaint) -> int | None:
        is_open = complaint.state == ComplaintState.RECEIVED
        return working_days_left(timezone.localdate(), complaint.due_on) if is_open else None


class AnswerPayload(Payload):
    text = serializers.CharField(max_length=4000)


class ComplaintPayload(Payload):
    """A name is not asked for."""

    text = serializers.CharField(max_length=4000)
    name = serializers.CharField(max_length=80, allow_blank=True, required=False)
    contact = serializers.CharField(max_length=120, allow_blank=True, required=False)


class ComplaintReceived(serializers.Serializer):
    """The tracking code is shown here once and cannot be shown again."""

    number = serializers.CharField()
    tracking_code = serializers.CharField()
    due_on = serializers.DateField()
    is_due_final = serializers.BooleanField()
    authorities = AuthorityShape(many=True)


class ComplaintStatus(serializers.ModelSerializer):
    """What the tracking code shows: the state and the answer, and where else to complain."""

    state = KindField(ComplaintState)
    authorities = AuthorityShape(many=True)

    class Meta:
        model = Complaint
        fields = ["number", "state", "received_at", "due_on", "is_due_final", "answer", "answered_at", "authorities"]
        read_only_fields = fields
