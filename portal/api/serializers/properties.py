"""Properties, their retention and their members."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.api.serializers.fields import KindField, Payload
from recognition.engine.liveness import Liveness
from tenants.clearance.checks import Mend
from tenants.clearance.duties import Group, Status
from tenants.organizations.kinds import PhotoQuality, PropertyKind, StorageMode
from tenants.organizations.models import Handler, Membership, Property
from tenants.organizations.roles import Permission, Role


class HandlerShape(serializers.ModelSerializer):
    contact_email = serializers.CharField()  # may be empty

    class Meta:
        model = Handler
        fields = read_only_fields = ["name", "credit_code", "contact_name", "contact_phone", "contact_email"]


class PropertyShape(serializers.ModelSerializer):
    kind = KindField(PropertyKind)
    storage_mode = KindField(StorageMode)
    face_quality = KindField(PhotoQuality)
    handler = HandlerShape()
    authority_url = serializers.CharField()  # no address, or an empty text

    class Meta:
        model = Property
        fields = ["id", "slug", "kind", "name", "name_en", "address", "storage_mode", "handler"]
        fields += ["allows_under_14", "face_quality", "faces_stopped_at", "faces_stopped_for"]
        fields += ["authority_name", "authority_phone", "authority_address", "authority_url"]
        read_only_fields = fields


class PropertyDetail(PropertyShape):
    permissions = serializers.ListField(child=KindField(Permission), source="granted")

    class Meta(PropertyShape.Meta):
        fields = [*PropertyShape.Meta.fields, "permissions"]
        read_only_fields = fields


class PropertyPayload(Payload):
    name = serializers.CharField(max_length=80, required=False)
    name_en = serializers.CharField(max_length=80, allow_blank=True, required=False)
    address = serializers.CharField(max_length=200, allow_blank=True, required=False)
    storage_mode = KindField(StorageMode, required=False)
    allows_under_14 = serializers.BooleanField(required=False)
    face_quality = KindField(PhotoQuality, required=False)
    authority_name = serializers.CharField(max_length=80, allow_blank=True, required=False)
    authority_phone = serializers.CharField(max_length=40, allow_blank=True, required=False)
    authority_address = serializers.CharField(max_length=200, allow_blank=True, required=False)
    authority_url = serializers.URLField(max_length=200, allow_blank=True, required=False)


class StopPayload(Payload):
    reason = serializers.CharField(max_length=200)


class DutyShape(serializers.Serializer):
    """One duty of the property: met, due, blocking, or with nothing to check yet."""

    code = serializers.CharField()
    group = serializers.ChoiceField(choices=Group.choices)
    status = serializers.ChoiceField(choices=[(value.value, value.value) for value in Status])
    title = serializers.CharField()
    detail = serializers.CharField()
    article = serializers.CharField()
    evidence = serializers.CharField()
    broken = serializers.IntegerField()
    total = serializers.IntegerField()
    mend = serializers.ChoiceField(
        choices=[(value.value, value.value) for value in Mend],
        help_text=_("Which kind of record mends it; empty where there is no single one."),
    )
    device = serializers.UUIDField(
        source="first.pk", allow_null=True, default=None, help_text=_("The first device that does not meet it.")
    )


class ReadinessShape(serializers.Serializer):
    duties = DutyShape(many=True)
    liveness_test = serializers.ChoiceField(
        choices=[(value.value, value.value) for value in Liveness],
        allow_null=True,
        help_text=_("Whether this portal tests that a face is live; null where faces stay on the terminals."),
    )


class RetentionShape(serializers.ModelSerializer):
    class Meta:
        model = Property
        fields = read_only_fields = ["face_days", "event_days", "request_days", "alarm_days"]


class RetentionPayload(Payload):
    face_days = serializers.IntegerField(min_value=1, max_value=365)
    event_days = serializers.IntegerField(min_value=30, max_value=180)
    request_days = serializers.IntegerField(min_value=30, max_value=1095, required=False)
    alarm_days = serializers.IntegerField(min_value=184, max_value=365, required=False)


class MemberShape(serializers.ModelSerializer):
    email = serializers.EmailField(source="user.email")
    name = serializers.CharField(source="user.name")
    role = KindField(Role)

    class Meta:
        model = Membership
        fields = read_only_fields = ["id", "email", "name", "role", "is_active", "created_at"]


class MemberPayload(Payload):
    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=80, allow_blank=True, required=False)
    role = KindField(Role)


class RolePayload(Payload):
    role = KindField(Role)
