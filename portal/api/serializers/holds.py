"""Legal holds, and terminals that were declared lost: what one member asks for and a second one confirms."""

from rest_framework import serializers

from portal.api.serializers.fields import KindField, Payload, RelatedField
from recognition.edge.models import DeviceLoss
from tenants.people.models import Person
from tenants.premises.models import Device
from tenants.rights.kinds import HoldKind
from tenants.rights.models import LegalHold


class HoldShape(serializers.ModelSerializer):
    """A hold on the rows of one person, by their random id, or of the whole property (`person` null)."""

    kind = KindField(HoldKind)

    class Meta:
        model = LegalHold
        fields = ["id", "kind", "person", "reason", "article", "ends_on", "asked_by", "asked_at"]
        fields += ["approved_by", "approved_at", "lifted_by", "lifted_at", "ended_at"]
        read_only_fields = fields


class HoldPayload(Payload):
    """At most three years ahead. It keeps no face usable."""

    kind = KindField(HoldKind)
    reason = serializers.CharField(max_length=500)
    article = serializers.CharField(max_length=120)
    ends_on = serializers.DateField()
    person = RelatedField(queryset=Person.objects.all(), required=False, allow_null=True)


class LossShape(serializers.ModelSerializer):
    class Meta:
        model = DeviceLoss
        fields = ["id", "device", "reason", "declared_by", "declared_at", "confirmed_by", "confirmed_at"]
        fields += ["taken_back_by", "taken_back_at", "returned_at"]
        read_only_fields = fields


class LossPayload(Payload):
    device = RelatedField(queryset=Device.objects.all())
    reason = serializers.CharField(max_length=500)
