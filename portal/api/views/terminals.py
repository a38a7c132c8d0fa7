"""Door terminals. They are told whether to open and by which rule, and nothing else."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.authentication import DeviceCredential, IsDevice
from portal.api.problems import Unavailable
from portal.api.serializers.terminals import (
    AnswerShape,
    HeartbeatPayload,
    HeartbeatShape,
    IdentifyPayload,
    PassPayload,
    VerifyPayload,
)
from portal.api.throttles import DeviceThrottle
from portal.api.views.foundation import ApiViews
from recognition.engine.codes import RejectionCode
from recognition.matching import answers
from recognition.matching.answers import Answer
from recognition.matching.passing import try_pass
from recognition.matching.services import ask
from tenants.organizations.scoping import tenant_context
from tenants.premises.kinds import DeviceMode, DeviceState
from tenants.premises.models import Device
from tenants.premises.services.devices import heard_from


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class TerminalViews(ApiViews):
    """Not one transaction: the worker must see the sealed photo while the terminal waits for its answer."""

    tag = "terminal"
    authentication_classes = [DeviceCredential]
    permission_classes = [IsDevice]
    throttle_classes = [DeviceThrottle]
    problems = ("401", "429")
    device: Device

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.device = request.auth
        with tenant_context(self.device.tenant_id):
            heard_from(device=self.device)


class HeartbeatViews(TerminalViews):
    serializer_class = HeartbeatShape

    @extend_schema(summary=_("Say that the terminal lives, and learn its state"), request=HeartbeatPayload)
    def heartbeat(self, request: Request) -> Response:
        self.read(HeartbeatPayload)
        return self.show(self.device)


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
    problems = ("401", "429", "503")

    @extend_schema(
        summary=_("Verify one person (1:1) by one photo"),
        request={"multipart/form-data": VerifyPayload},
        responses=AnswerShape,
    )
    def verify(self, request: Request) -> Response:
        return self._match(DeviceMode.VERIFY, self.read(VerifyPayload))

    @extend_schema(
        summary=_("Identify one photo (1:N) among those who agreed"),
        request={"multipart/form-data": IdentifyPayload},
        responses=AnswerShape,
    )
    def identify(self, request: Request) -> Response:
        return self._match(DeviceMode.IDENTIFY, self.read(IdentifyPayload))

    def _match(self, mode: DeviceMode, data: dict[str, Any]) -> Response:
        """Refuse by the device's own state before the photo goes anywhere; then ask the worker."""
        if self.device.state != DeviceState.ACTIVE:
            return tell(Answer(allowed=False, rule=answers.DEVICE_NOT_ACTIVE))
        if self.device.mode != mode:
            return tell(Answer(allowed=False, rule=answers.MODE_NOT_DECLARED))
        answer = ask(device=self.device, photo=data["photo"].read(), person_id=data.get("person"))
        if answer.rule == answers.TIMEOUT:
            raise Unavailable(answers.sentence(answer.rule), code=answer.rule)
        if answer.rule in {code.value for code in RejectionCode}:
            raise ValidationError({"photo": ValidationError(answers.sentence(answer.rule), code=answer.rule)})
        return tell(answer)
