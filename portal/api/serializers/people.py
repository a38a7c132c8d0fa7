"""Persons and their enrolments."""

from rest_framework import serializers

from portal.api.serializers.fields import KindField, Payload, RelatedField
from portal.api.serializers.premises import CheckShape
from recognition.enrollment import reasons
from recognition.enrollment.models import Enrollment, EnrollmentState
from tenants.clearance.services import check_person
from tenants.people.kinds import AgeBand, ConsentDecision, ConsentPurpose, FaceState, PersonKind
from tenants.people.models import Consent, Person


class PersonShape(serializers.ModelSerializer):
    """A person. Name, phone, e-mail and room are null once the identity was erased."""

    kind = KindField(PersonKind)
    age_band = KindField(AgeBand)
    face_state = KindField(FaceState)
    code = serializers.CharField()
    name = serializers.CharField(source="identity.name", allow_null=True)
    phone = serializers.CharField(source="identity.phone", allow_null=True)
    email = serializers.CharField(source="identity.email", allow_null=True)
    room = serializers.CharField(source="identity.room", allow_null=True)

    class Meta:
        model = Person
        fields = [
            "id",
            "code",
            "name",
            "phone",
            "email",
            "room",
            "kind",
            "age_band",
            "stay_ends_on",
            "face_state",
            "face_enrolled_on",
            "erased_at",
            "created_at",
        ]
        read_only_fields = fields


class ConsentShape(serializers.ModelSerializer):
    purpose = KindField(ConsentPurpose)
    decision = KindField(ConsentDecision)
    notice_version = serializers.IntegerField(source="notice.version")

    class Meta:
        model = Consent
        fields = ["purpose", "decision", "notice_version", "notice_hash", "language", "decided_at", "withdrawn_at"]
        read_only_fields = fields


class PersonDetail(PersonShape):
    checks = serializers.SerializerMethodField()
    consents = ConsentShape(many=True)

    class Meta(PersonShape.Meta):
        fields = [*PersonShape.Meta.fields, "checks", "consents"]
        read_only_fields = fields

    def get_checks(self, person: Person) -> CheckShape(many=True):
        return CheckShape(check_person(person), many=True).data


class PersonPayload(Payload):
    name = serializers.CharField(max_length=80)
    kind = KindField(PersonKind)
    age_band = KindField(AgeBand)
    phone = serializers.CharField(max_length=40, allow_blank=True, required=False)
    email = serializers.EmailField(max_length=254, allow_blank=True, required=False)
    room = serializers.CharField(max_length=40, allow_blank=True, required=False)
    stay_ends_on = serializers.DateField(allow_null=True, required=False)


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
