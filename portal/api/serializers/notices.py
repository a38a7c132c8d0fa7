"""Notices, for members and for everybody."""

from rest_framework import serializers

from portal.api.serializers.fields import KindField, Payload
from tenants.organizations.kinds import StorageMode
from tenants.transparency.models import Notice, NoticeState
from tenants.transparency.rules.notices import FIELDS

TEXT_LIMIT = 5000


class NoticeShape(serializers.ModelSerializer):
    state = KindField(NoticeState)
    storage_mode = KindField(StorageMode)

    class Meta:
        model = Notice
        fields = [
            "id",
            "version",
            "state",
            "storage_mode",
            "needs_new_consent",
            "content_hash",
            "published_at",
            "updated_at",
        ]
        read_only_fields = fields


class NoticeDetail(NoticeShape):
    class Meta(NoticeShape.Meta):
        fields = [*NoticeShape.Meta.fields, *FIELDS]
        read_only_fields = fields


class PublicNotice(serializers.ModelSerializer):
    """The notice in force, as everybody may read it. The fingerprint is the one that a consent names."""

    storage_mode = KindField(StorageMode)
    property = serializers.CharField(source="tenant.name")
    handler = serializers.CharField(source="tenant.handler.name")

    class Meta:
        model = Notice
        fields = ["property", "handler", "version", "storage_mode", "content_hash", "published_at", *FIELDS]
        read_only_fields = fields


class NoticePayload(Payload):
    """Any of the ten texts; the others stay as they are."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {name: serializers.CharField(max_length=TEXT_LIMIT, allow_blank=True, required=False) for name in FIELDS}
