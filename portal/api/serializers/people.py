"""Persons and their enrolments."""

from typing import Any

from rest_framework import serializers

from portal.api.serializers.fields import KindField, Payload, RelatedField
from portal.api.serializers.premises import CheckShape
from recognition.enrollment import reasons
from recognition.enrollment.models import Enrollment, EnrollmentState
from tenants.clearance.services import check_person
from tenants.people.kinds import (
    AgeBand,
    ConsentChannel,
    ConsentDecision,
    ConsentPurpose,
    FaceState,
    GivenBy,
    KinshipEvidence,
    LinkReason,
    PersonKind,
    Relationship,
    WithdrawnBy,
)
from tenants.people.models import Consent, Guardian, MinorAccess, Person
from tenants.people.services.minors import may_see

WHO = ("name", "phone", "email", "room")
WHEN = ("age_band_until", "stay_ends_on", "face_enrolled_on", "restricted_at", "died_on")


class PersonShape(serializers.ModelSerializer):
    """A person. Name, phone, e-mail and room are null once the identity was erased.

    They are null too for somebody under 18, and every date with them, until a second member said yes (`is_hidden`).
    """

    kind = KindField(PersonKind)
    age_band = KindField(AgeBand)
    face_state = KindField(FaceState)
    code = serializers.CharField()
    name = serializers.CharField(source="identity.name", allow_null=True)
    phone = serializers.CharField(source="identity.phone", allow_null=True)
    email = serializers.CharField(source="identity.email", allow_null=True)
    room = serializers.CharField(source="identity.room", allow_null=True)
    is_hidden = serializers.SerializerMethodField()

    def get_is_hidden(self, person: Person) -> bool:
        known = getattr(person, "is_hidden", None)  # lists find it out for all rows in one query
        return not may_see(actor=self.context["request"].user, person=person) if known is None else known

    def to_representation(self, person: Person) -> dict[str, Any]:
        shown = super().to_representation(person)
        return shown | (dict.fromkeys(WHO + WHEN) if shown["is_hidden"] else {})

    class Meta:
        model = Person
        fields = [
            "id",
            "code",
            "is_hidden",
            "name",
            "phone",
            "email",
            "room",
            "kind",
            "age_band",
            "age_band_until",
            "stay_ends_on",
            "face_state",
            "face_enrolled_on",
            "restricted_at",
            "died_on",
            "erased_at",
            "created_at",
        ]
        read_only_fields = fields


class ConsentShape(serializers.ModelSerializer):
    purpose = KindField(ConsentPurpose)
    decision = KindField(ConsentDecision)
    given_by = KindField(GivenBy)
    channel = KindField(ConsentChannel)
    withdrawn_by = KindField(WithdrawnBy, allow_blank=True)
    notice_version = serializers.IntegerField(source="notice.version")

    class Meta:
        model = Consent
        fields = [
            "purpose",
            "decision",
            "notice_version",
            "notice_hash",
            "language",
            "decided_at",
            "ends_on",
            "withdrawn_at",
            "withdrawn_by",
            "given_by",
            "channel",
        ]
        read_only_fields = fields


class PersonDetail(PersonShape):
    checks = serializers.SerializerMethodField()
    consents = ConsentShape(many=True)

    class Meta(PersonShape.Meta):
        fields = [*PersonShape.Meta.fields, "checks", "consents"]
        read_only_fields = fields

    def get_checks(self, person: Person) -> CheckShape(many=True):
        return CheckShape(check_person(person), many=True).data

    def to_representation(self, person: Person) -> dict[str, Any]:
        shown = super().to_representation(person)
        return shown | ({"checks": [], "consents": []} if shown["is_hidden"] else {})


class PersonPayload(Payload):
    name = serializers.CharField(max_length=80)
    kind = KindField(PersonKind)
    age_band = KindField(AgeBand)
    birth_date = serializers.DateField(
        allow_null=True,
        required=False,
        help_text="Needed under 18. Turned into the age band and its last day; the date is not kept.",
    )
    phone = serializers.CharField(max_length=40, allow_blank=True, required=False)
    email = serializers.EmailField(max_length=254, allow_blank=True, required=False)
    room = serializers.CharField(max_length=40, allow_blank=True, required=False)
    stay_ends_on = serializers.DateField(allow_null=True, required=False)
    document = serializers.CharField(
        max_length=40,
        allow_blank=True,
        required=False,
        help_text="Number of an identity document: finds duplicates. Only a keyed hash is kept, and never given out.",
    )


class LinkPayload(Payload):
    """`why`: the person asked for the link, or the property asks by it, which it may not after a no.

    `child`: a guardian is asked about this child, and not about themselves. Only with an invitation.
    """

    why = serializers.ChoiceField(
        choices=[(reason.value, reason.label) for reason in (LinkReason.ASKED, LinkReason.INVITATION)],
        help_text="Stays with the link, beside who made it. An invitation is refused after a no and within 48 hours.",
    )
    child = RelatedField(queryset=Person.objects.all(), required=False, allow_null=True)


class DeathPayload(Payload):
    died_on = serializers.DateField()


class GuardianShape(serializers.ModelSerializer):
    relationship = KindField(Relationship)
    evidence = KindField(KinshipEvidence)
    note = serializers.CharField(allow_null=True, help_text="Null in a list while the child's record is closed.")

    def to_representation(self, row: Guardian) -> dict[str, Any]:
        return super().to_representation(row) | ({"note": None} if getattr(row, "is_hidden", False) else {})

    class Meta:
        model = Guardian
        fields = ["id", "child", "guardian", "relationship", "evidence", "note", "recorded_at", "ended_at"]
        read_only_fields = fields


class GuardianPayload(Payload):
    guardian = RelatedField(queryset=Person.objects.all())
    relationship = KindField(Relationship)
    evidence = KindField(KinshipEvidence)
    note = serializers.CharField(max_length=200, allow_blank=True, required=False)


class AccessShape(serializers.ModelSerializer):
    asked_by = serializers.CharField(source="asked_by.email")
    decided_by = serializers.CharField(source="decided_by.email", allow_null=True)

    class Meta:
        model = MinorAccess
        fields = ["id", "person", "asked_by", "reason", "asked_at", "decided_by", "decided_at", "ends_at"]
        read_only_fields = fields


class AccessPayload(Payload):
    reason = serializers.CharField(max_length=200)


class DecisionPayload(Payload):
    is_approved = serializers.BooleanField()


class LinkShape(serializers.Serializer):
    url = serializers.URLField()


class EnrollmentShape(serializers.ModelSerializer):
    state = KindField(EnrollmentState)
    sentence = serializers.SerializerMethodField()

    class Meta:
        model = Enrollment
        fields = [
            "id",
            "person",
            "state",
            "progress",
            "reason",
            "sentence",
            "model_version",
            "created_at",
            "finished_at",
        ]
        read_only_fields = fields

    def get_sentence(self, enrollment: Enrollment) -> str:
        return str(reasons.sentence(enrollment.reason))


class EnrollmentPayload(Payload):
    person = RelatedField(queryset=Person.objects.all())
    photo = serializers.FileField(allow_empty_file=True)
