"""Notices, for members and for everybody."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.api.serializers.fields import KindField, MomentField, Payload
from tenants.organizations.kinds import StorageMode
from tenants.transparency.models import Notice, NoticeState
from tenants.transparency.rules.notices import FIELDS, LONGEST_TEXT
from tenants.transparency.rules.plain_language import Severity


class FindingSeverity(models.TextChoices):
    """The rule's own severities, as a closed list with words."""

    BLOCK = Severity.BLOCK.value, _("Blocks publication")
    WARN = Severity.WARN.value, _("Could be plainer")


class NoticeShape(serializers.ModelSerializer):
    state = KindField(NoticeState)
    asks_again_for = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text=_("Why everybody was asked again.")
    )
    storage_mode = KindField(StorageMode)

    class Meta:
        model = Notice
        fields = [
            "id",
            "version",
            "state",
            "storage_mode",
            "allows_under_14",
            "effective_on",
            "needs_new_consent",
            "asks_again_for",
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
    """A published version, as everybody may read it. The fingerprint is the one that a consent names."""

    storage_mode = KindField(StorageMode)
    property = serializers.CharField(source="tenant.name")
    handler = serializers.CharField(source="tenant.handler.name")

    class Meta:
        model = Notice
        fields = [
            "property",
            "handler",
            "version",
            "storage_mode",
            "allows_under_14",
            "effective_on",
            "content_hash",
            "published_at",
            *FIELDS,
        ]
        read_only_fields = fields


class FindingShape(serializers.Serializer):
    """One thing that blocks publication, or that could be plainer."""

    code = serializers.CharField()
    field = serializers.CharField()
    severity = KindField(FindingSeverity)
    excerpt = serializers.CharField()
    sentence = serializers.CharField()
    suggestion = serializers.CharField()


class NoticeCheck(serializers.Serializer):
    """What publishing this draft today would say."""

    findings = FindingShape(many=True)
    asks_again_for = serializers.ListField(child=serializers.CharField())


class NoticePayload(Payload):
    """Any of the texts; the others stay as they are. `seen` is the `updated_at` of the draft that was read."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {"seen": _seen()} | {
            name: serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, required=False) for name in FIELDS
        }


class CheckQuery(serializers.Serializer):
    effective_on = serializers.DateField(required=False, help_text=_("Today unless told; at most 90 days ahead."))


class DiscardQuery(serializers.Serializer):
    def get_fields(self) -> dict[str, serializers.Field]:
        return {"seen": _seen()}


class PublishPayload(Payload):
    effective_on = serializers.DateField(required=False, help_text=_("Today unless told; at most 90 days ahead."))
    asks_again_for = serializers.ListField(
        child=serializers.CharField(max_length=20),
        max_length=20,
        required=False,
        help_text=_("The reasons that the check gave for that day: refused when they are others by now."),
    )

    def get_fields(self) -> dict[str, serializers.Field]:
        return super().get_fields() | {"seen": _seen()}


def _seen() -> MomentField:
    return MomentField(
        required=False, help_text=_("The “updated_at” that you read: refused when somebody saved the draft since.")
    )
