"""Webhooks, and the messages that were sent to them."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.api.serializers.fields import KindField, Payload
from portal.security.alerts.kinds import DeliveryReason, DeliveryState
from portal.security.models import AlertDelivery, WebhookEndpoint
from portal.security.webhooks.events import Event


class WebhookShape(serializers.ModelSerializer):
    events = serializers.ListField(child=KindField(Event))

    class Meta:
        model = WebhookEndpoint
        fields = ["id", "name", "url", "events", "created_at", "changed_at", "earlier_until"]
        read_only_fields = fields


class WebhookAdded(WebhookShape):
    secret = serializers.CharField(default="", help_text=_("Shown in this answer only."))

    class Meta(WebhookShape.Meta):
        fields = [*WebhookShape.Meta.fields, "secret"]
        read_only_fields = fields


class WebhookPayload(Payload):
    name = serializers.CharField(max_length=80, allow_blank=True, required=False)
    url = serializers.CharField(max_length=500)
    events = serializers.ListField(child=KindField(Event), min_length=1, max_length=len(Event))


class DeliveryShape(serializers.ModelSerializer):
    """`id` is the message's `webhook-id`. `status` is what the receiver answered last."""

    webhook = serializers.UUIDField(source="endpoint_id", allow_null=True)
    state = KindField(DeliveryState)
    reason = KindField(DeliveryReason, allow_blank=True)
    payload = serializers.DictField(help_text=_("What the message says, under “data”."))

    class Meta:
        model = AlertDelivery
        fields = ["id", "webhook", "event", "payload", "state", "reason", "status", "attempts", "next_try_at"]
        fields += ["created_at", "ended_at"]
        read_only_fields = fields
