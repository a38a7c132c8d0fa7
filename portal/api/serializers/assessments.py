"""Impact assessments and their risks."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.api.serializers.fields import KindField, Payload
from tenants.transparency.models import (
    Assessment,
    AssessmentState,
    AssessmentTrack,
    Conclusion,
    Risk,
    RiskBand,
    RiskKind,
)
from tenants.transparency.rules.assessments import TEXTS
from tenants.transparency.services.incidents import MOST as MOST_WORDS
from tenants.transparency.services.risks import MOST

TEXT_LIMIT = 8000


class AssessmentShape(serializers.ModelSerializer):
    state = KindField(AssessmentState)
    track = KindField(AssessmentTrack)
    conclusion = KindField(Conclusion, allow_blank=True)
    signed_by = serializers.CharField(source="signed_by.email", allow_null=True)

    class Meta:
        model = Assessment
        fields = [
            "id",
            "version",
            "state",
            "track",
            "conclusion",
            "scope",
            "content_hash",
            "signed_by",
            "signed_at",
            "stale_since",
            "stale_for",
            "covers_until",
            "updated_at",
        ]
        read_only_fields = fields


class RiskShape(serializers.ModelSerializer):
    kind = KindField(RiskKind)
    band = KindField(RiskBand)
    score = serializers.IntegerField()

    class Meta:
        model = Risk
        fields = read_only_fields = [
            "number",
            "kind",
            "title",
            "likelihood",
            "impact",
            "score",
            "band",
            "measure",
            "owner",
            "due_on",
            "done_on",
        ]


class ContributorShape(serializers.Serializer):
    """Who worked on it, and when last."""

    email = serializers.CharField(source="user.email")
    last_at = serializers.DateTimeField()


class IncidentShape(serializers.Serializer):
    """What happened while this version was in force."""

    happened_on = serializers.DateField()
    description = serializers.CharField()
    recorded_at = serializers.DateTimeField()


class AssessmentDetail(AssessmentShape):
    risks = RiskShape(many=True)
    contributors = ContributorShape(source="contributions", many=True)
    incidents = IncidentShape(many=True)

    class Meta(AssessmentShape.Meta):
        fields = [*AssessmentShape.Meta.fields, *TEXTS, "officer_comment", "revision", "risks"]
        fields += ["contributors", "incidents"]
        read_only_fields = fields


class RiskPayload(Payload):
    kind = KindField(RiskKind, default=RiskKind.OTHER)
    title = serializers.CharField(max_length=120)
    likelihood = serializers.IntegerField(min_value=1, max_value=5)
    impact = serializers.IntegerField(min_value=1, max_value=5)
    measure = serializers.CharField(max_length=2000, allow_blank=True, default="")
    owner = serializers.CharField(max_length=80, allow_blank=True, default="")
    due_on = serializers.DateField(allow_null=True, default=None)
    done_on = serializers.DateField(allow_null=True, default=None)


class IncidentPayload(Payload):
    """What happened, without names: it is kept as long as the assessment."""

    happened_on = serializers.DateField()
    description = serializers.CharField(max_length=MOST_WORDS)


class SeenPayload(Payload):
    """The `revision` that the caller had before them: another one in between is refused."""

    seen = serializers.IntegerField(min_value=0, help_text=_("The `revision` that you read."))


class AssessmentPayload(SeenPayload):
    """Any of the texts; the others stay as they are. `risks` replaces the whole list."""

    track = KindField(AssessmentTrack, required=False)
    officer_comment = serializers.CharField(max_length=4000, allow_blank=True, required=False)
    conclusion = KindField(Conclusion, allow_blank=True, required=False)
    risks = RiskPayload(many=True, required=False, max_length=MOST)

    def get_fields(self) -> dict[str, serializers.Field]:
        texts = {name: serializers.CharField(max_length=TEXT_LIMIT, allow_blank=True, required=False) for name in TEXTS}
        return super().get_fields() | texts
