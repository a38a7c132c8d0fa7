"""People and enrolments. There is no address at which staff could consent for anyone (PIPL 14)."""

from typing import Any

from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.filters import PersonFilter
from portal.api.serializers.people import (
    AccessPayload,
    AccessShape,
    DeathPayload,
    DecisionPayload,
    EnrollmentPayload,
    EnrollmentShape,
    GuardianPayload,
    GuardianShape,
    LinkPayload,
    LinkShape,
    PersonDetail,
    PersonPayload,
    PersonShape,
)
from portal.api.views.foundation import MemberViews
from portal.reading import note_read
from recognition.enrollment.models import Enrollment
from recognition.enrollment.services import submit_photo
from recognition.enrollment.sweeps import expire_if_late
from tenants.organizations.roles import Permission as P
from tenants.organizations.trail import Kind
from tenants.people.kinds import LinkReason
from tenants.people.models import Guardian, MinorAccess, Person
from tenants.people.services import guardians, links, minors, persons, prompts


@extend_schema_view(list=extend_schema(summary=_("List or search people"), responses=PersonShape(many=True)))
class PersonViews(MemberViews):
    tag = "people"
    permission, permission_write = P.VIEW_PEOPLE, P.MANAGE_PEOPLE
    queryset = Person.objects.select_related("identity", "tenant").order_by("-created_at", "pk")
    filterset_class = PersonFilter

    def get_queryset(self) -> QuerySet[Person]:
        rows = super().get_queryset()
        if self.action != "list" or getattr(self, "swagger_fake_view", False):
            return rows.prefetch_related("consents__notice")
        shown = minors.visible_to(tenant=self.tenant, actor=self.request.user)
        return rows.annotate(is_hidden=Case(When(shown, then=Value(False)), default=Value(True)))

    def list(self, request: Request, **kwargs: Any) -> Response:
        answer = super().list(request, **kwargs)
        count = len(answer.data["results"])
        note_read(Kind.IDENTITIES_LISTED, user=request.user, tenant=self.tenant, count=count)
        return answer

    def get_person(self) -> Person:
        """Return the person, whose record must be open to the caller."""
        return self.open_record(self.get_object())

    def get_serializer_class(self) -> type[PersonShape]:
        return PersonShape if self.action == "list" else PersonDetail

    @extend_schema(summary=_("Add a person; nothing about a face happens"), request=PersonPayload)
    def create(self, request: Request, **kwargs: Any) -> Response:
        return self.show(persons.add_person(tenant=self.tenant, **self.read(PersonPayload)), status=201)

    @extend_schema(summary=_("Correct a person's record"), request=PersonPayload)
    def update(self, request: Request, **kwargs: Any) -> Response:
        persons.update_person(tenant=self.tenant, person=self.get_person(), **self.read(PersonPayload))
        return self.show(self.get_object())

    @extend_schema(summary=_("Show a person with consents and every rule of the gate"))
    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        person = self.get_person()
        note_read(Kind.IDENTITY_READ, user=request.user, tenant=self.tenant, subject=f"person:{person.pk}")
        return self.show(person)

    @extend_schema(summary=_("Pause the use of the face, because the person asked"), request=None)
    def restrict(self, request: Request, **kwargs: Any) -> Response:
        persons.restrict(tenant=self.tenant, person=self.get_person())
        return self.show(self.get_object())

    @extend_schema(summary=_("End the pause, because the person asked"), request=None)
    def release(self, request: Request, **kwargs: Any) -> Response:
        persons.lift_restriction(tenant=self.tenant, person=self.get_person())
        return self.show(self.get_object())

    @extend_schema(summary=_("Record a confirmed death"), request=DeathPayload)
    def death(self, request: Request, **kwargs: Any) -> Response:
        persons.record_death(tenant=self.tenant, person=self.get_person(), **self.read(DeathPayload))
        return self.show(self.get_object())

    @extend_schema(
        summary=_("Take back a death recorded by mistake; what was erased stays erased"),
        request=None,
        responses={200: PersonDetail},
    )
    def correct_death(self, request: Request, **kwargs: Any) -> Response:
        persons.correct_death(tenant=self.tenant, person=self.get_person())
        return self.show(self.get_object())

    @extend_schema(summary=_("Record who answers for a child"), request=GuardianPayload, responses={201: GuardianShape})
    def guardian(self, request: Request, **kwargs: Any) -> Response:
        child, data = self.get_person(), self.read(GuardianPayload)
        row = guardians.add_guardian(tenant=self.tenant, child=child, recorded_by=request.user, **data)
        return self.show(row, GuardianShape, status=201)

    @extend_schema(summary=_("Ask to open a minor's record"), request=AccessPayload, responses={201: AccessShape})
    def access(self, request: Request, **kwargs: Any) -> Response:
        person, data = self.get_object(), self.read(AccessPayload)
        row = minors.ask_for_access(tenant=self.tenant, person=person, actor=request.user, **data)
        return self.show(row, AccessShape, status=201)

    @extend_schema(
        summary=_("Make the personal link; it is shown in this answer only and earlier links stop"),
        request=LinkPayload,
        responses={201: LinkShape},
    )
    def link(self, request: Request, **kwargs: Any) -> Response:
        person, data = self.get_person(), self.read(LinkPayload)
        made = {"tenant": self.tenant, "person": person, "made_by": request.user}
        if data["why"] == LinkReason.INVITATION:
            token = prompts.invite(**made, child=data.get("child"))
        else:
            token = links.issue_link(**made, reason=data["why"])
        url = request.build_absolute_uri(reverse("me", args=[self.tenant.slug, token]))
        return Response({"url": url}, status=201)


@extend_schema_view(
    list=extend_schema(summary=_("List who answers for which child")),
    retrieve=extend_schema(summary=_("Show one guardianship")),
)
class GuardianViews(MemberViews):
    tag = "people"
    permission, permission_write = P.VIEW_PEOPLE, P.MANAGE_PEOPLE
    queryset = Guardian.objects.order_by("recorded_at", "pk")
    serializer_class = GuardianShape
    filterset_fields = ["child", "guardian"]

    def get_queryset(self) -> QuerySet[Guardian]:
        """A list says who answers for whom; what was noted about a child is shown with the child's record only."""
        rows = super().get_queryset()
        if self.action != "list" or getattr(self, "swagger_fake_view", False):
            return rows.select_related("child__tenant")
        shown = Person.objects.filter(minors.visible_to(tenant=self.tenant, actor=self.request.user))
        return rows.annotate(is_hidden=~Exists(shown.filter(pk=OuterRef("child"))))

    def get_guardian(self) -> Guardian:
        row = self.get_object()
        self.open_record(row.child)
        return row

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        return self.show(self.get_guardian())

    @extend_schema(summary=_("End a guardianship; what the guardian agreed to holds no longer"), request=None)
    def end(self, request: Request, **kwargs: Any) -> Response:
        return self.show(guardians.end_guardian(tenant=self.tenant, guardian=self.get_guardian()))


@extend_schema_view(
    list=extend_schema(summary=_("List who asked to open minors' records")),
    retrieve=extend_schema(summary=_("Show one of these questions")),
)
class AccessViews(MemberViews):
    tag = "people"
    permission, permission_write = P.VIEW_PEOPLE, P.APPROVE_MINORS
    in_person = frozenset({"decide"})
    queryset = MinorAccess.objects.select_related("asked_by", "decided_by").order_by("-asked_at", "pk")
    serializer_class = AccessShape
    filterset_fields = ["person"]

    @extend_schema(summary=_("Say yes for 24 hours, or no, as a second member"), request=DecisionPayload)
    def decide(self, request: Request, **kwargs: Any) -> Response:
        access, data = self.get_object(), self.read(DecisionPayload)
        return self.show(minors.decide_access(tenant=self.tenant, access=access, actor=request.user, **data))


@extend_schema_view(list=extend_schema(summary=_("List enrolments")))
class EnrollmentViews(MemberViews):
    tag = "enrollments"
    permission, permission_write = P.VIEW_PEOPLE, P.MANAGE_PEOPLE
    queryset = Enrollment.objects.order_by("-created_at", "pk")
    serializer_class = EnrollmentShape
    parser_classes = [MultiPartParser]
    filterset_fields = ["person", "state"]

    @extend_schema(
        summary=_("Send a photo of a person who agreed; the answer says where to ask how it went"),
        request={"multipart/form-data": EnrollmentPayload},
        responses={202: EnrollmentShape},
    )
    def create(self, request: Request, **kwargs: Any) -> Response:
        data = self.read(EnrollmentPayload)
        person = self.open_record(data["person"])
        enrollment = submit_photo(
            tenant=self.tenant, person=person, photo=data["photo"].read(), requested_by=request.user
        )
        response = self.show(enrollment, status=202)
        response["Location"] = reverse("api:enrollment", args=[self.tenant.slug, enrollment.pk])
        return response

    @extend_schema(summary=_("Show how an enrolment is going"))
    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        enrollment = self.get_object()
        self.open_record(enrollment.person)
        return self.show(expire_if_late(enrollment=enrollment))
