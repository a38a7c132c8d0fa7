"""Requests, erasures, door events, for members."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.filters import ErasureFilter, EventFilter, RequestFilter
from portal.api.serializers.rights import (
    AssignPayload,
    ConfirmPayload,
    DeskRequestPayload,
    ErasureShape,
    EventShape,
    MergePayload,
    MessagePayload,
    MessageShape,
    ReasonPayload,
    RefusePayload,
    RequestDetail,
    RequestReceived,
    RequestShape,
    TextPayload,
)
from portal.api.views.foundation import MemberViews
from portal.reading import note_read
from recognition.matching.models import DoorEvent
from tenants.organizations.roles import Permission as P
from tenants.organizations.trail import Kind
from tenants.people.models import Person
from tenants.people.services import minors
from tenants.rights.kinds import MessageKind
from tenants.rights.models import Certificate, Erasure, RequestMessage, RightsRequest
from tenants.rights.services import answering, certificates, clocks, identity, merging, messages, replacing, requests


@extend_schema_view(
    list=extend_schema(summary=_("List requests, the most urgent first")),
    retrieve=extend_schema(summary=_("Show a request, and those that ask the same"), responses=RequestDetail),
)
class RequestViews(MemberViews):
    tag = "requests"
    permission, permission_write = P.VIEW_REQUESTS, P.HANDLE_REQUESTS
    # Both say that somebody stands at the desk whom the member knows.
    in_person = frozenset({"confirm", "code"})
    queryset = (
        RightsRequest.objects.select_related("package")
        .defer("seal_key", "package__sealed")
        .order_by("due_on", "received_at", "pk")
    )
    serializer_class = RequestShape
    filterset_class = RequestFilter

    def get_queryset(self) -> QuerySet[RightsRequest]:
        rows = super().get_queryset().select_related("person__tenant")
        if self.action != "list" or getattr(self, "swagger_fake_view", False):
            return rows
        shown = Person.objects.filter(minors.visible_to(tenant=self.tenant, actor=self.request.user))
        return rows.annotate(is_hidden=Q(person__isnull=False) & ~Exists(shown.filter(pk=OuterRef("person"))))

    def retrieve(self, request: Request, **kwargs: Any) -> Response:
        row = self.get_object()
        self.open_asker(row)
        return self.show(row, RequestDetail)

    def open_asker(self, row: RightsRequest) -> None:
        """What is written about a child is part of the child's record. Raises RecordClosed (`open_record`)."""
        if row.person is not None:
            self.open_record(row.person)

    @extend_schema(
        summary=_("Enter a request made on paper, by phone or in another system; who asks is proved afterwards"),
        request=DeskRequestPayload,
        responses={201: RequestReceived},
    )
    def create(self, request: Request, **kwargs: Any) -> Response:
        data = self.read(DeskRequestPayload)
        row, code = requests.receive(tenant=self.tenant, entered_by=request.user, **data)
        return self.show({"tracking_code": code} | received(row), RequestReceived, status=201)

    @extend_schema(summary=_("Record that you know who asks, in person, and whose data it is"), request=ConfirmPayload)
    def confirm(self, request: Request, **kwargs: Any) -> Response:
        row, data = self.get_object(), self.read(ConfirmPayload)
        self.open_record(data["person"])
        return self.show(identity.prove_in_person(tenant=self.tenant, request=row, actor=request.user, **data))

    @extend_schema(summary=_("Ask for proof of who asks; the clock waits for it"), request=None)
    def proof(self, request: Request, **kwargs: Any) -> Response:
        row = self.get_object()
        return self.show(identity.ask_for_proof(tenant=self.tenant, request=row, actor=request.user))

    @extend_schema(
        summary=_("Do what is asked, tell the person and close; a deletion erases everything, passes too"),
        request=TextPayload,
    )
    def answer(self, request: Request, **kwargs: Any) -> Response:
        row, data = self.get_object(), self.read(TextPayload)
        return self.show(answering.answer(tenant=self.tenant, request=row, actor=request.user, **data))

    @extend_schema(summary=_("Refuse with reason, article and words; tell the person and close"), request=RefusePayload)
    def refuse(self, request: Request, **kwargs: Any) -> Response:
        row, data = self.get_object(), self.read(RefusePayload)
        return self.show(answering.refuse(tenant=self.tenant, request=row, actor=request.user, **data))

    @extend_schema(
        summary=_("Give a new tracking code to whom you know at the desk; the old one ends, and the person is told"),
        request=None,
        responses=RequestReceived,
    )
    def code(self, request: Request, **kwargs: Any) -> Response:
        row = self.get_object()
        self.open_asker(row)
        row, code = replacing.replace_code(tenant=self.tenant, request=row, actor=request.user)
        return self.show({"tracking_code": code} | received(row), RequestReceived)

    @extend_schema(summary=_("Build a package that failed once more"), request=None)
    def package(self, request: Request, **kwargs: Any) -> Response:
        row = self.get_object()
        replacing.build_again(tenant=self.tenant, request=row, actor=request.user)
        return self.show(self.get_object())

    @extend_schema(summary=_("Take more time, once, with a reason that the person is told"), request=ReasonPayload)
    def extend(self, request: Request, **kwargs: Any) -> Response:
        row, data = self.get_object(), self.read(ReasonPayload)
        return self.show(clocks.extend(tenant=self.tenant, request=row, actor=request.user, **data))

    @extend_schema(summary=_("Give a request to a member, or back to everybody"), request=AssignPayload)
    def assign(self, request: Request, **kwargs: Any) -> Response:
        row, member = self.get_object(), self.read(AssignPayload)["member"]
        to = member.user if member else None
        return self.show(requests.assign(tenant=self.tenant, request=row, to=to, actor=request.user))

    @extend_schema(summary=_("End a request in another proved one of the same person and kind"), request=MergePayload)
    def merge(self, request: Request, **kwargs: Any) -> Response:
        row, data = self.get_object(), self.read(MergePayload)
        return self.show(merging.merge(tenant=self.tenant, request=row, actor=request.user, **data))


@extend_schema_view(list=extend_schema(summary=_("List what was said about a request, notes too")))
class RequestMessageViews(MemberViews):
    """Messages of the request whom the address names."""

    tag = "requests"
    permission, permission_write = P.VIEW_REQUESTS, P.HANDLE_REQUESTS
    queryset = RequestMessage.objects.order_by("at", "pk")
    serializer_class = MessageShape

    def get_queryset(self) -> QuerySet[RequestMessage]:
        rows = super().get_queryset()
        return rows if getattr(self, "swagger_fake_view", False) else rows.filter(request=self.rights_request)

    @cached_property
    def rights_request(self) -> RightsRequest:
        row = get_object_or_404(RightsRequest, tenant=self.tenant, pk=self.kwargs["pk"])
        if row.person is not None:
            self.open_record(row.person)
        return row

    @extend_schema(
        summary=_("Write to the person, or a note that only members read"),
        request=MessagePayload,
        responses={201: MessageShape},
    )
    def create(self, request: Request, **kwargs: Any) -> Response:
        row, data = self.rights_request, self.read(MessagePayload)
        write = messages.note if data["kind"] == MessageKind.NOTE else messages.write_to_person
        message = write(tenant=self.tenant, request=row, text=data["text"], author=request.user)
        return self.show(message, status=201)


def received(row: RightsRequest) -> dict[str, Any]:
    return {"number": row.number, "due_on": row.due_on, "is_due_final": row.is_due_final}


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

    @extend_schema(
        summary=_("Download the signed certificate of an erasure, once it is issued"),
        responses={(200, "application/json"): OpenApiTypes.OBJECT},
    )
    def certificate(self, request: Request, **kwargs: Any) -> HttpResponse:
        """The exact bytes: what is signed may not be written anew."""
        row = get_object_or_404(Certificate, tenant=self.tenant, erasure=self.get_object())
        note_read(Kind.EVIDENCE_READ, user=request.user, tenant=self.tenant, subject=f"certificate:{row.pk}")
        headers = {"Content-Disposition": f'attachment; filename="certificate-{row.number}.json"'}
        return HttpResponse(certificates.file(row), content_type="application/json", headers=headers)


@extend_schema_view(list=extend_schema(summary=_("List door events")))
class EventViews(MemberViews):
    tag = "events"
    permission = P.VIEW_EVENTS
    queryset = DoorEvent.objects.select_related("device").order_by("-at", "pk")
    serializer_class = EventShape
    filterset_class = EventFilter
