"""Steps of a request, for the tests of proving, answering and sending."""

import re

from tenants.organizations.models import Property, User
from tenants.people.models import Person
from tenants.rights import request_jobs
from tenants.rights.kinds import RequestKind
from tenants.rights.models import IdentityCode, RequestMessage, RightsRequest
from tenants.rights.services import identity, requests
from tests import factories
from tests.senders import Postbox

PHONE = "138 0013 8000"


def receive(tenant: Property, kind: RequestKind | str = RequestKind.ACCESS, **fields: object) -> RightsRequest:
    given = {"name": "李阿姨", "contact": "13800138000", "message": "请办理"} | fields
    return requests.receive(tenant=tenant, kind=kind, **given)[0]


def confirmed(
    tenant: Property, kind: RequestKind | str = RequestKind.ACCESS, *, person: Person | None = None, **fields: object
) -> RightsRequest:
    """A request of somebody who came to the desk."""
    person = person or factories.make_person(tenant, phone=PHONE)
    request = receive(tenant, kind, **fields)
    actor = factories.somebody_of(tenant)
    return identity.prove_in_person(tenant=tenant, request=request, person=person, actor=actor)


def ask_for_code(request: RightsRequest) -> str:
    """Ask for a code and let the worker send it; return its digits, or "" when nobody got one."""
    before = len(Postbox.sent)
    identity.send_code(tenant=request.tenant, request=request)
    row = IdentityCode.objects.filter(request=request).order_by("-sent_at").first()
    assert row
    request_jobs.send_identity_code(tenant_id=row.tenant_id, code_id=row.pk)
    return digits_of(Postbox.sent[-1].text) if len(Postbox.sent) > before else ""


def digits_of(text: str) -> str:
    found = re.search(r"验证码 (\d{6})", text)
    return found.group(1) if found else ""


def prove(request: RightsRequest, typed: str) -> RightsRequest:
    return identity.prove_by_code(tenant=request.tenant, request=request, typed=typed)


def send(message: RequestMessage) -> RequestMessage:
    request_jobs.send_message(tenant_id=message.tenant_id, message_id=message.pk)
    return RequestMessage.objects.get(pk=message.pk)


def fresh(request: RightsRequest) -> RightsRequest:
    return RightsRequest.objects.select_related("tenant", "person").get(pk=request.pk)


def told(request: RightsRequest) -> list[str]:
    """What the person can read, the newest last."""
    return list(request.messages.filter(kind="to_person").values_list("text", flat=True))


def colleague(tenant: Property, role: str = "privacy_officer") -> User:
    return factories.make_member(tenant, role)
