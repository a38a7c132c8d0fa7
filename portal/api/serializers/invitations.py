"""Invitations by a message."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.api.serializers.fields import KindField, Payload
from tenants.people.kinds import InvitationState, PromptChannel
from tenants.people.models import Invitation
from tenants.people.rules.invitations import sentence


class InvitationShape(serializers.ModelSerializer):
    """How far a message has come: never its address, its text or its link."""

    channel = KindField(PromptChannel)
    state = KindField(InvitationState)
    sentence = serializers.SerializerMethodField(help_text=_("What went wrong and what to do; empty for nothing."))

    class Meta:
        model = Invitation
        fields = ["id", "person", "channel", "state", "reason", "sentence", "asked_at", "attempts", "sent_at"]
        read_only_fields = fields

    def get_sentence(self, row: Invitation) -> str:
        return str(sentence(row.reason))


class InvitationPayload(Payload):
    channel = KindField(PromptChannel)
