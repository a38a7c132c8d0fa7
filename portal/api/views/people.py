"""People and enrolments. There is no address at which staff could consent for anyone (PIPL 14)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.filters import PersonFilter
from portal.api.serializers.people import (
    EnrollmentPayload,
    EnrollmentShape,
    LinkShape,
    PersonDetail,
    PersonPayload,
    PersonShape,
)
from portal.api.views.foundation import MemberViews
from recognition.enrollment.models import Enrollment
from recognition.enrollment.services import submit_photo
from recognition.enrollment.sweeps import expire_if_late
from tenants.organizations.roles import Permission as P
from tenants.people.models import Person
from tenants.people.services import links, persons


@extend_schema_view(
    list=extend_schema(summary=_("List or search people"), responses=PersonShape(many=True)),
    retrieve=extend_schema(summary=_("Show a person with consents and every rule of the gate")),
)
class PersonViews(MemberViews):
    tag = "people"
    permission, permission_write = P.VIEW_PEOPLE, P.MANAGE_PEOPLE
    queryset = Person.objects.select_related("identity", "tenant").order_by("-created_at", "pk")
    filterset_class = PersonFilter

    def get_serializer_class(self) -> type[PersonShape]:
        return PersonShape if self.action == "list" else PersonDetail

    @extend_schema(summary=_("Add a person; nothing about a face happens"), request=PersonPayload)
    def create(self, request: Request, **kwargs: Any) -> Response:
        return self.show(persons.add_person(tenant=self.tenant, **self.read(PersonPayload)), status=201)

    @extend_schema(summary=_("Correct a person's record"), request=PersonPayload)
    def update(self, request: Request, **kwargs: Any) -> Response:
        persons.update_person(tenant=self.tenant, person=self.get_object(), **self.read(PersonPayload))
        return self.show(self.get_object())

    @extend_schema(
        summary=_("Make the personal link; it is shown in this answer only and earlier links stop"),
        request=None,
        responses={201: LinkShape},
    )
    def link(self, request: Request, **kwargs: Any) -> Response:
        token = links.issue_link(tenant=self.tenant, person=self.get_object())
        url = request.build_absolute_uri(reverse("me", args=[self.tenant.slug, token]))
        return Response({"url": url}, status=201)


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
        enrollment = submit_photo(
            tenant=self.tenant, person=data["person"], photo=data["photo"].read(), requested_by=request.user
        )
        response = self.show(enrollment, status=202)
        response["Location"] = reverse("api:enrollment", args=[self.tenant.slug, enrollment.pk])
        return response

    @extend_schema(summary=_("Show how an enrolment is going"))
    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        return self.show(expire_if_late(enrollment=self.get_object()))
