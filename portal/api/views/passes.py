"""The desk's passes: list, issue, stop. Nothing here asks what a person answered about their face."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.serializers.passes import IssuePayload, PassIssued, PassShape
from portal.api.views.foundation import MemberViews, PersonRowViews
from tenants.organizations.roles import Permission as P
from tenants.people.kinds import PassKind
from tenants.people.models import Pass
from tenants.people.services import passes


class PassViews(MemberViews):
    """A pass by its own id; it is opened with its person's record."""

    tag = "people"
    permission, permission_write = P.VIEW_PEOPLE, P.MANAGE_PEOPLE
    queryset = Pass.objects.prefetch_related("doors").order_by("-created_at", "pk")
    serializer_class = PassShape

    @extend_schema(summary=_("Stop a pass at once and for good"), request=None)
    def stop(self, request: Request, **kwargs: Any) -> Response:
        row = self.get_object()
        self.open_record(row.person)
        return self.show(passes.stop(tenant=self.tenant, pass_=row))


@extend_schema_view(list=extend_schema(summary=_("List a person's passes"), responses=PassShape(many=True)))
class PersonPassViews(PersonRowViews):
    tag, permission, permission_write = PassViews.tag, PassViews.permission, PassViews.permission_write
    queryset, serializer_class = PassViews.queryset, PassViews.serializer_class

    @extend_schema(
        summary=_("Issue a card, a PIN or a QR pass; a new PIN or QR pass stops the earlier one"),
        request=IssuePayload,
        responses={201: PassIssued},
    )
    def create(self, request: Request, **kwargs: Any) -> Response:
        person, data = self.person, self.read(IssuePayload)
        kind = PassKind(data.pop("kind"))
        data.setdefault("valid_until", person.stay_ends_on)
        if kind == PassKind.PIN:
            row, pin = passes.issue_pin(tenant=self.tenant, person=person, **data)
            return self.show(row, status=201, pin=pin)
        issue = passes.issue_card if kind == PassKind.CARD else passes.issue_qr
        return self.show(issue(tenant=self.tenant, person=person, **data), status=201)
