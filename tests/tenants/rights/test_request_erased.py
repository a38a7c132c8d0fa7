"""With the record goes all that was written and said about a request; that it was asked and answered stays readable."""

import pytest
from pytest_django import Settings

from tenants.organizations.models import Property, User
from tenants.rights import stores
from tenants.rights.kinds import Delivery, RequestKind
from tenants.rights.models import IdentityCode, RequestAttachment, RequestMessage
from tenants.rights.services import answering, clocks, messages, requests
from tests import factories
from tests.senders import Postbox
from tests.tenants.rights.asking import PHONE, ask_for_code, fresh, prove, receive

CANARY = "欧阳锦绣"


@pytest.fixture(autouse=True)
def _postbox(settings: Settings) -> None:
    Postbox.sent.clear()
    settings.SMS_SENDER = settings.MAIL_SENDER = "tests.senders.Postbox"


@pytest.mark.parametrize("end", ["answered", "refused", "open"])
def test_nothing_that_was_written_is_left_and_the_page_still_answers(tenant: Property, owner: User, end: str) -> None:
    person = factories.make_person(tenant, CANARY, phone=PHONE)
    request = receive(
        tenant, RequestKind.DELETE, name=CANARY, room="7-707", message=f"我是{CANARY}", relation=CANARY, language="en"
    )
    request = prove(request, ask_for_code(request))
    messages.write_from_person(tenant=tenant, request=request, text=CANARY, papers=[(CANARY, CANARY.encode())])
    messages.note(tenant=tenant, request=request, text=CANARY, author=owner)
    clocks.extend(tenant=tenant, request=request, reason=CANARY, actor=owner)
    if end == "answered":
        answering.answer(tenant=tenant, request=request, text=CANARY, actor=owner)
    elif end == "refused":
        answering.refuse(
            tenant=tenant, request=request, code="kept_by_law", article="PIPL 47", text=CANARY, actor=owner
        )
    [store] = [store for store in stores.stores() if store.name == "requests"]
    assert CANARY in str(store.export(person))
    assert store.count(person) == store.erase(person) > 0
    assert store.count(person) == store.erase(person) == 0
    left = [vars(fresh(request)), *IdentityCode.objects.values(), *RequestMessage.objects.values()]
    left += [dict(row) | {"content": bytes(row["content"]).decode()} for row in RequestAttachment.objects.values()]
    assert CANARY not in str(left) and "13800138000" not in str(left)
    assert not RequestMessage.objects.filter(delivery=Delivery.WAITING).exists()
    answer = fresh(request).answer
    if end == "answered":
        assert "were deleted" in answer
    elif end == "refused":
        assert "PIPL Art 47" in answer and "12377" in answer
    else:
        assert answer == ""


def test_a_request_that_only_a_code_ties_to_the_person_goes_too(tenant: Property, owner: User) -> None:
    person = factories.make_person(tenant, phone=PHONE)
    unproved = receive(tenant)
    assert ask_for_code(unproved)
    strangers = receive(tenant, contact="13999999999")
    requests.take_back(tenant=tenant, request=strangers)
    [store] = [store for store in stores.stores() if store.name == "requests"]
    store.erase(person)
    assert (fresh(unproved).contact, fresh(strangers).contact) == ("", "13999999999")
    assert not IdentityCode.objects.filter(person=person).exists()
