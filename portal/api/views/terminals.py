"""Door terminals. They are told whether to open and by which rule, and nothing else."""

import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.authentication import DeviceSignature, IsDevice, SignatureRefused, message_of
from portal.api.face_bytes import FaceBytesRefused, refuse_face_bytes
from portal.api.problems import Unavailable
from portal.api.serializers.terminals import (
    AnswerShape,
    HeartbeatPayload,
    HeartbeatShape,
    IdentifyPayload,
    KeyShape,
    PairedShape,
    PairPayload,
    PassPayload,
    RotatePayload,
    VerifyPayload,
)
from portal.api.throttles import DeviceThrottle, PublicThrottle
from portal.api.views.foundation import ApiViews
from portal.limits import address_of
from portal.security.detection import stream
from portal.security.detection.naming import hashed
from recognition.edge.kinds import AlarmKind
from recognition.edge.refusals import Refusal, Refused
from recognition.edge.services import keys
from recognition.edge.services.alarms import record_alarm
from recognition.edge.services.pairing import pair
from recognition.edge.services.reports import renew_lease, take_report
from recognition.edge.services.requests import Proved
from recognition.engine.codes import RejectionCode
from recognition.matching import answers
from recognition.matching.answers import Answer
from recognition.matching.passing import try_pass
from recognition.matching.services import ask
from tenants.organizations import trail
from tenants.organizations.scoping import tenant_context
from tenants.organizations.trail import Happening, Sign
from tenants.people.models import Person
from tenants.premises.kinds import DeviceMode, DeviceState
from tenants.premises.models import Device
from tenants.premises.services.devices import heard_from

# Rules that are only found about somebody of this property.
OF_OUR_PEOPLE = {answers.MATCHED, answers.NO_MATCH, answers.NEAR_TIE}


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class TerminalViews(ApiViews):
    """Not one transaction: the worker must see the sealed photo while the terminal waits for its answer."""

    tag = "terminal"
    authentication_classes = [DeviceSignature]
    permission_classes = [IsDevice]
    throttle_classes = [DeviceThrottle]
    serves_retired: ClassVar[bool] = False  # only the work queue does, until the wipe is confirmed
    device: Device

    def door(self, method: str) -> Iterator[tuple[int, str]]:
        yield from super().door(method)
        yield from ((401, code.value) for code in Refusal)
        yield from ((400, "face_bytes"), (413, "too_large"))
        if not self.serves_retired:
            yield 403, "device_retired"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.proved: Proved = request.proved  # type: ignore[attr-defined]  # by DeviceSignature
        self.device = self.proved.device
        heard_from(device=self.device)
        stream.entered(self.device.tenant_id)
        if self.device.state == DeviceState.RETIRED and not self.serves_retired:
            raise PermissionDenied(_("This device is retired."), code="device_retired")
        try:
            refuse_face_bytes(request._request, self.device.tenant)
        except FaceBytesRefused:
            self.alarm(AlarmKind.FACE_BYTES)
            raise

    def alarm(self, kind: AlarmKind) -> None:
        """Record what speaks for a stolen key; it stays when the request is refused."""
        record_alarm(device=self.device, kind=kind, address=address_of(self.request))


class HeartbeatViews(TerminalViews):
    serializer_class = HeartbeatShape

    @extend_schema(summary=_("Say that the terminal lives, and learn its state"), request=HeartbeatPayload)
    def heartbeat(self, request: Request) -> Response:
        report = self.read(HeartbeatPayload).get("report", {})
        with tenant_context(self.device.tenant_id):
            alarm = take_report(device=self.device, report=report, clock_offset=self.proved.clock_offset)
            lease = renew_lease(device=self.device)
        if alarm is not None:
            self.alarm(alarm)
        facts = {"address": hashed(address_of(request))}
        trail.tell(Happening(Sign.HEARTBEAT, f"device:{self.device.pk}", self.device.tenant_id, facts=facts))
        return self.show(lease)


class KeyViews(TerminalViews):
    serializer_class = KeyShape

    @extend_schema(summary=_("Replace the terminal's keys, signed with the old one"), request=RotatePayload)
    def rotate(self, request: Request) -> Response:
        data = self.read(RotatePayload)
        with tenant_context(self.device.tenant_id):
            key = keys.rotate(device=self.device, key=self.proved.key, **data)
        return Response({"keyid": keys.key_id(key)})


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class PairViews(ApiViews):
    """Without an account and without a known key: the code is what is proved. Throttled by address."""

    tag = "terminal"
    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [PublicThrottle]
    serializer_class = PairedShape

    def get_authenticate_header(self, request: Request) -> str:
        return "Signature"

    @extend_schema(
        summary=_("Pair a terminal by its one-time code and the keys that it made"),
        request=PairPayload,
        responses={201: PairedShape},
    )
    def pair(self, request: Request) -> Response:
        message = message_of(request._request)
        try:
            proved = pair(message=message, **self.read(PairPayload))
        except Refused as refused:
            raise SignatureRefused(refused.code) from refused
        return self.show(proved, status=201, keyid=keys.key_id(proved.key), server_time=timezone.now())


def tell(answer: Answer) -> Response:
    return Response({**answer.as_dict(), "sentence": str(answers.sentence(answer.rule))})


class PassViews(TerminalViews):
    """Answered also while the terminal's face is suspended: a pass never waits for a face (Measures Art 10)."""

    serializer_class = AnswerShape

    @extend_schema(
        summary=_("Check a card, a PIN or a QR pass; asks nothing about a face"),
        request=PassPayload,
        responses=AnswerShape,
    )
    def check(self, request: Request) -> Response:
        data = self.read(PassPayload)
        with tenant_context(self.device.tenant_id):
            return tell(try_pass(device=self.device, **data))


class MatchViews(TerminalViews):
    parser_classes = [MultiPartParser]
    serializer_class = AnswerShape

    @extend_schema(
        summary=_("Verify one person (1:1) by one photo"),
        request={"multipart/form-data": VerifyPayload},
        responses=AnswerShape,
    )
    def verify(self, request: Request) -> Response:
        data, answer = self.read(VerifyPayload), None
        try:
            answer = self._answer(DeviceMode.VERIFY, data)
        finally:
            # Asked afterwards, and only when the answer does not show it: nobody waits for it at the door.
            if (answer is None or answer.rule not in OF_OUR_PEOPLE) and not self._is_ours(data["person"]):
                self.alarm(AlarmKind.FOREIGN_PERSON)
        return self._say(answer)

    @extend_schema(
        summary=_("Identify one photo (1:N) among those who agreed"),
        request={"multipart/form-data": IdentifyPayload},
        responses=AnswerShape,
    )
    def identify(self, request: Request) -> Response:
        return self._say(self._answer(DeviceMode.IDENTIFY, self.read(IdentifyPayload)))

    def _answer(self, mode: DeviceMode, data: dict[str, Any]) -> Answer:
        """Refuse by the device's own state before the photo goes anywhere; then ask the worker."""
        if self.device.state != DeviceState.ACTIVE:
            return Answer(allowed=False, rule=answers.DEVICE_NOT_ACTIVE)
        if self.device.mode != mode:
            return Answer(allowed=False, rule=answers.MODE_NOT_DECLARED)
        return ask(device=self.device, photo=data["photo"].read(), person_id=data.get("person"))

    def _say(self, answer: Answer) -> Response:
        if answer.rule == answers.TIMEOUT:
            raise Unavailable(answers.sentence(answer.rule), code=answer.rule)
        if answer.rule in {code.value for code in RejectionCode}:
            raise ValidationError({"photo": ValidationError(answers.sentence(answer.rule), code=answer.rule)})
        return tell(answer)

    def _is_ours(self, person_id: uuid.UUID) -> bool:
        with tenant_context(self.device.tenant_id):
            return Person.objects.filter(pk=person_id, tenant=self.device.tenant_id).exists()
