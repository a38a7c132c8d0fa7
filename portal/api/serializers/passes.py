"""Passes of a person, as the desk sees them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from portal.api.serializers.fields import KindField, Payload, RelatedField
from tenants.people.kinds import PassKind, PassState
from tenants.people.models import Pass
from tenants.premises.models import AccessPoint


class PassShape(serializers.ModelSerializer):
    """A pass without its secrets: no card number, no PIN, no code."""

    kind = KindField(PassKind)
    state = KindField(PassState)
    doors = serializers.SerializerMethodField(help_text=_("Empty when the pass is for every door."))

    class Meta:
        model = Pass
        fields = [
            "id",
            "person",
            "kind",
            "label",
            "state",
            "valid_from",
            "valid_until",
            "is_for_all_doors",
            "doors",
            "last4",
            "pass_number",
            "created_at",
            "stopped_at",
        ]
        read_only_fields = fields

    def get_doors(self, row: Pass) -> list[str]:
        return [str(door.access_point_id) for door in row.doors.all()]


class PassIssued(PassShape):
    pin = serializers.CharField(required=False, help_text=_("For a PIN: shown in this answer only."))

    class Meta(PassShape.Meta):
        fields = [*PassShape.Meta.fields, "pin"]
        read_only_fields = fields


class IssuePayload(Payload):
    kind = KindField(PassKind)
    number = serializers.CharField(max_length=64, required=False, help_text=_("Of a card, and only of a card."))
    label = serializers.CharField(max_length=40, allow_blank=True, required=False)
    valid_from = serializers.DateField(allow_null=True, required=False)
    valid_until = serializers.DateField(
        allow_null=True,
        required=False,
        help_text=_("Without it: the end of the person's stay, when there is one. Null: until the pass is stopped."),
    )
    doors = RelatedField(queryset=AccessPoint.objects.all(), many=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        is_card = attrs["kind"] == PassKind.CARD
        if is_card and "number" not in attrs:
            raise serializers.ValidationError({"number": [ErrorDetail(str(_("A card needs its number.")), "required")]})
        if not is_card and "number" in attrs:
            text = str(_("The system chooses it."))
            raise serializers.ValidationError({"number": [ErrorDetail(text, "unknown_field")]})
        return attrs
