"""Requests, erasures, door events, for members."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.filters import ErasureFilter, EventFilter, RequestFilter
from portal.api.serializers.rights import ConfirmPayload, ErasureShape, EventShape, RequestShape, TextPayload
from portal.api.views.foundation import MemberViews
from recognition.matching.models import DoorEvent
from tenants.organizations.roles import Permission as P
from tenants.rights.models import Erasure, RightsRequest
from tenants.rights.services import requests


@extend_schema_view(
    list=extend_schema(summary=_("List requests, the most urgent first")),
    retrieve=extend_schema(summary=_("Show a request")),
)
class RequestViews(MemberViews):
    tag = "requests"
    permission, permission_write = P.VIEW_REQUESTS, P.HANDLE_REQUESTS
    queryset = RightsRequest.objects.order_by("due_on", "received_at", "pk")
    serializer_class = RequestShape
    filterset_class = RequestFilter

    @extend_schema(summary=_("Record that the desk knows who asks"), request=ConfirmPayload)
    def confirm(self, request: Request, **kwargs: Any) -> Response:
        row, data = self.get_object(), self.read(ConfirmPayload)
        self.open_record(data["person"])
        return self.show(requests.confirm(tenant=self.tenant, request=row, **data))

    @extend_schema(
        summary=_("Do what is asked and close: open the package, or order the erasure of everything, passes too"),
        request=TextPayload,
    )
    def answer(self, request: Request, **kwargs: Any) -> Response:
        row = self.get_object()
        return self.show(requests.answer(tenant=self.tenant, request=row, **self.read(TextPayload)))

    @extend_schema(summary=_("Refuse with the reason"), request=TextPayload)
    def refuse(self, request: Request, **kwargs: Any) -> Response:
        row = self.get_object()
        return self.show(requests.refuse(tenant=self.tenant, request=row, **self.read(TextPayload)))


@extend_schema_view(
    list=extend_schema(summary=_("List erasures with their receipts")),
    retrieve=extend_schema(summary=_("Show an erasure with its receipts")),
)
class ErasureViews(MemberViews):
    tag = "erasures"
    permission = P.VIEW_RETENTION
    queryset = Erasure.objects.prefetch_related("receipts").order_by("-ordered_at", "pk")
    serializer_class = ErasureShape
    filterset_class = ErasureFilter


@extend_schema_view(list=extend_schema(summary=_("List door events")))
class EventViews(MemberViews):
    tag = "events"
    permission = P.VIEW_EVENTS
    queryset = DoorEvent.objects.select_related("device").order_by("-at", "pk")
    serializer_class = EventShape
    filterset_class = EventFilter
