"""Alerts: what rang, and what was done about it. Ids, codes and counts."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.api.serializers.fields import KindField, Payload
from portal.security.alerts.kinds import AlertState, Severity, StepKind
from portal.security.alerts.words import article_name, words_of
from portal.security.models import Alert, AlertStep


class AlertStepShape(serializers.ModelSerializer):
    """`by` is null for what the portal did by itself."""

    kind = KindField(StepKind)

    class Meta:
        model = AlertStep
        fields = read_only_fields = ["kind", "by", "text", "at"]


class AlertShape(serializers.ModelSerializer):
    severity = KindField(Severity)
    state = KindField(AlertState)
    title = serializers.SerializerMethodField(help_text=_("What rang, for people."))
    facts = serializers.DictField(help_text=_("Codes and counts."))

    class Meta:
        model = Alert
        fields = ["id", "rule", "title", "severity", "subject", "facts", "count", "first_at", "last_at", "state"]
        fields += ["handled_by", "handled_at"]
        read_only_fields = fields

    def get_title(self, alert: Alert) -> str:
        return str(words_of(alert.rule).title)


class AlertDetail(AlertShape):
    advice = serializers.SerializerMethodField(help_text=_("What to do, for people."))
    article = serializers.SerializerMethodField()
    steps = AlertStepShape(many=True)

    class Meta(AlertShape.Meta):
        fields = [*AlertShape.Meta.fields, "advice", "article", "steps"]
        read_only_fields = fields

    def get_advice(self, alert: Alert) -> str:
        return str(words_of(alert.rule).advice)

    def get_article(self, alert: Alert) -> str:
        return article_name(words_of(alert.rule).article)


class HandlePayload(Payload):
    """What was done, without names of residents."""

    text = serializers.CharField(max_length=500)
    is_false = serializers.BooleanField(required=False, default=False)
