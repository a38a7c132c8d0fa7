"""A terminal's work: fetched in order, confirmed by signed receipts; and what happened at its door."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.problems import Conflict
from portal.api.serializers.orders import (
    AfterPayload,
    ConfirmedShape,
    DecidePayload,
    EventsPayload,
    OrdersShape,
    ReceiptPayload,
    TakenShape,
)
from portal.api.serializers.terminals import AnswerShape
from portal.api.throttles import WorkThrottle
from portal.api.views.terminals import TerminalViews, tell
from portal.limits import address_of
from recognition.edge.models import DeviceOrder
from recognition.edge.services import queue
from recognition.edge.services.receipts import AlreadyConfirmed, take_receipt
from recognition.edge.services.reporting import decide, take_events
from recognition.matching.reporting import Reported
from tenants.organizations.scoping import tenant_context


class OrderViews(TerminalViews):
    serializer_class = OrdersShape
    throttle_classes = [WorkThrottle]
    serves_retired = True

    @extend_schema(summary=_("Fetch the next work, in order"), parameters=[AfterPayload], responses=OrdersShape)
    def fetch(self, request: Request) -> Response:
        asked = AfterPayload(data=request.query_params)
        asked.is_valid(raise_exception=True)
        with tenant_context(self.device.tenant_id):
            given, more = queue.fetch(device=self.device, key=self.proved.key, **asked.validated_data)
        return self.show({"orders": given, "more": more})


class ReceiptViews(TerminalViews):
    serializer_class = ConfirmedShape
    throttle_classes = [WorkThrottle]
    serves_retired = True

    @extend_schema(summary=_("Confirm one order with a signed receipt"), request=ReceiptPayload)
    def confirm(self, request: Request, number: int) -> Response:
        data = self.read(ReceiptPayload)
        try:
            with tenant_context(self.device.tenant_id):
                order = take_receipt(device=self.device, key=self.proved.key, number=number, **data)
        except DeviceOrder.DoesNotExist as missing:
            raise Http404 from missing
        except AlreadyConfirmed as confirmed:
            raise Conflict(_("This order was confirmed with another receipt."), code="already_confirmed") from confirmed
        return self.show(order)


class ReportedViews(TerminalViews):
    serializer_class = TakenShape

    @extend_schema(summary=_("Report what happened while the portal could not be reached"), request=EventsPayload)
    def report(self, request: Request) -> Response:
        events = [Reported(**event) for event in self.read(EventsPayload)["events"]]
        taken = take_events(device=self.device, events=events, address=address_of(request))
        refused = [{"id": event_id, "code": code} for event_id, code in taken.refused]
        return self.show({"stored": taken.stored, "known": taken.known, "refused": refused})


class DecisionViews(TerminalViews):
    serializer_class = AnswerShape

    @extend_schema(
        summary=_("Ask whether somebody whom the terminal recognised may pass now"),
        request=DecidePayload,
        responses=AnswerShape,
    )
    def decide(self, request: Request) -> Response:
        data = self.read(DecidePayload)
        address = address_of(request)
        return tell(decide(device=self.device, person_id=data["person"], mode=data["mode"], address=address))
