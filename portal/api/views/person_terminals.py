"""A person's face at the terminals: where it is, and the order to take it there."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.serializers.orders import PersonTerminalShape, TakeFacePayload
from portal.api.views.foundation import MemberViews
from recognition.edge import reads
from recognition.edge.models import DeviceCopy
from recognition.edge.services.enrolling import order_enrolment
from tenants.organizations.roles import Permission as P
from tenants.people.models import Person


class PersonTerminalViews(MemberViews):
    tag = "people"
    permission, permission_write = P.VIEW_PEOPLE, P.MANAGE_PEOPLE
    queryset = DeviceCopy.objects.order_by("device")
    serializer_class = PersonTerminalShape
    pagination_class = None

    @cached_property
    def person(self) -> Person:
        return self.open_record(get_object_or_404(Person, tenant=self.tenant, pk=self.kwargs["pk"]))

    @extend_schema(
        summary=_("List where a person's face is, terminal by terminal"), responses=PersonTerminalShape(many=True)
    )
    def list(self, request: Request, **kwargs: Any) -> Response:
        return Response(PersonTerminalShape(reads.places(person=self.person), many=True).data)

    @extend_schema(
        summary=_("Have a terminal take the face of a person who agreed; it waits for 72 hours"),
        request=TakeFacePayload,
        responses={201: PersonTerminalShape},
    )
    def create(self, request: Request, **kwargs: Any) -> Response:
        person, device = self.person, self.read(TakeFacePayload)["device"]
        order_enrolment(tenant=self.tenant, person=person, device=device, requested_by=request.user)
        [place] = [place for place in reads.places(person=person) if place.device.pk == device.pk]
        return self.show(place, status=201)
