"""Invitations by a message: asked for here, sent by a worker, and nobody is told the link but the person."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.serializers.invitations import InvitationPayload, InvitationShape
from portal.api.views.foundation import PersonRowViews
from tenants.organizations.roles import Permission as P
from tenants.people.models import Invitation
from tenants.people.services.invitations import invite_by_message


@extend_schema_view(list=extend_schema(summary=_("List a person's invitations by a message")))
class PersonInvitationViews(PersonRowViews):
    tag = "people"
    permission, permission_write = P.VIEW_PEOPLE, P.MANAGE_PEOPLE
    queryset = Invitation.objects.order_by("-asked_at", "pk")
    serializer_class = InvitationShape

    @extend_schema(
        summary=_("Invite a person by a message with their personal link; the rules of asking hold"),
        request=InvitationPayload,
        responses={202: InvitationShape},
    )
    def create(self, request: Request, **kwargs: Any) -> Response:
        person, data = self.person, self.read(InvitationPayload)
        row = invite_by_message(tenant=self.tenant, person=person, actor=request.user, **data)
        return self.show(row, status=202)
