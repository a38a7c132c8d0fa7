"""Requests: taken from anyone, found again by their code, given to somebody, taken back."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tenants.organizations.models import Property, User
from tenants.organizations.scoping import enter_tenant, tenant_context
from tenants.rights import tracking
from tenants.rights.kinds import IdentityProof, RequestChannel, Requester, RequestKind, RequestState
from tenants.rights.models import RightsRequest
from tenants.rights.rules import add_working_days
from tenants.rights.services import requests
from tests import factories
from tests.tenants.rights.asking import confirmed
from tests.threads import Job, interleave


def receive(tenant: Property, kind: RequestKind = RequestKind.ACCESS, **fields: str) -> tuple[RightsRequest, str]:
    return requests.receive(tenant=tenant, kind=kind, name="李阿姨", contact="13800138000", **fields)


def test_numbers_count_up_for_each_property(tenant: Property) -> None:
    month = f"R-{timezone.localdate():%y%m}-"
    assert [receive(tenant)[0].number for _time in range(3)] == [month + n for n in ("001", "002", "003")]
    assert receive(factories.make_property())[0].number == month + "001"


def test_the_clock_runs_fifteen_working_days(tenant: Property) -> None:
    request, _code = receive(tenant)
    deadline = add_working_days(timezone.localdate(), 15)
    assert (request.due_on, request.is_due_final) == (deadline.on, deadline.is_final)


@pytest.mark.parametrize("kind", RequestKind)
@pytest.mark.parametrize("asked_by", Requester)
def test_all_eight_kinds_are_taken_and_a_relative_asks_what_the_law_names(
    tenant: Property, kind: RequestKind, asked_by: Requester
) -> None:
    """PIPL 44-49; for the dead: see, copy, correct, delete."""
    given = {"asked_by": asked_by, "relation": "女儿", "message": "房号写错了"}
    if asked_by != Requester.RELATIVE or kind in {"access", "copy", "correct", "delete"}:
        assert receive(tenant, kind, **given)[0].kind == kind
        return
    with pytest.raises(ValidationError) as refused:
        receive(tenant, kind, **given)
    assert set(refused.value.error_dict) == {"kind"}


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("kind", {"kind": "everything"}),
        ("asked_by", {"asked_by": "neighbour"}),
        ("relation", {"asked_by": Requester.REPRESENTATIVE, "relation": " "}),
        ("name", {"name": "\u3000"}),
        ("channel", {"channel": RequestChannel.PAPER}),  # nobody says who wrote it down
        ("channel", {"channel": RequestChannel.PAGE}),
        ("channel", {"channel": "pigeon"}),
    ],
)
def test_what_is_wrong_is_named_beside_its_field(tenant: Property, field: str, given: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refused:
        requests.receive(**{"tenant": tenant, "kind": RequestKind.ACCESS, "name": "李", "contact": "1"} | given)
    assert set(refused.value.error_dict) == {field}
    assert not RightsRequest.objects.exists()


def test_what_was_asked_on_paper_or_by_phone_names_who_wrote_it_down_and_proves_nothing(
    tenant: Property, owner: User
) -> None:
    for channel in (RequestChannel.PAPER, RequestChannel.PHONE, RequestChannel.API):
        request, _code = requests.receive(
            tenant=tenant, kind=RequestKind.DELETE, name="李", contact="1", channel=channel, entered_by=owner
        )
        assert (request.state, request.entered_by, request.identity_by) == (RequestState.RECEIVED, owner, "")


def test_the_personal_link_proves_who_asks_and_nothing_is_copied(tenant: Property) -> None:
    visit = factories.make_visit(tenant)
    request, code = requests.receive_from(visit=visit, kind=RequestKind.ACCESS, message="请给我", language="en")
    assert (request.state, request.identity_by, request.person) == ("confirmed", IdentityProof.LINK, visit.person)
    assert (request.name, request.contact, request.channel, request.language) == ("", "", "page", "en")
    assert requests.find_by_code(tenant=tenant, code=code) == request


def test_an_open_request_is_taken_back_with_a_word(tenant: Property) -> None:
    for row in (receive(tenant)[0], confirmed(tenant)):
        request = requests.take_back(tenant=tenant, request=row)
        assert request.state == RequestState.TAKEN_BACK and request.closed_at
        assert request.messages.get(kind="to_person").text
        with pytest.raises(ValidationError):
            requests.take_back(tenant=tenant, request=request)


class TestAssigning:
    def test_a_request_is_given_to_who_may_answer_it_and_back_to_everybody(self, tenant: Property, owner: User) -> None:
        request, manager = receive(tenant)[0], factories.make_member(tenant, "manager")
        assert requests.assign(tenant=tenant, request=request, to=manager, actor=owner).assigned_to == manager
        assert requests.assign(tenant=tenant, request=request, to=None, actor=owner).assigned_to is None

    def test_nobody_gets_it_who_may_not_answer_or_is_from_outside(self, tenant: Property, owner: User) -> None:
        request, desk = receive(tenant)[0], factories.make_member(tenant, "front_desk")
        stranger = factories.make_member(factories.make_property())
        enter_tenant(tenant.pk)
        for somebody in (desk, stranger):
            with pytest.raises(ValidationError) as refused:
                requests.assign(tenant=tenant, request=request, to=somebody, actor=owner)
            assert set(refused.value.error_dict) == {"to"}


class TestTheCode:
    def test_the_code_is_not_stored_and_opens_only_here(self, tenant: Property) -> None:
        request, code = receive(tenant)
        assert code.replace("-", "") not in str(vars(RightsRequest.objects.get()))
        other = factories.make_property()
        with pytest.raises(RightsRequest.DoesNotExist):
            requests.find_by_code(tenant=other, code=code)
        assert request.code_hash != requests.hash_code(other, code)

    @given(data=st.data(), code=st.text(tracking.ALPHABET, min_size=16, max_size=16))
    def test_a_code_is_found_however_it_is_typed(self, data: st.DataObject, code: str) -> None:
        """In small letters, full width, with O for 0, with any dash or space between: only the hash decides."""
        typed = "".join(
            data.draw(st.sampled_from([char, char.lower(), *CONFUSED.get(char, ()), chr(ord(char) + 0xFEE0)]))
            + data.draw(st.sampled_from(["", " ", "-", "－", "—", "\u3000", "\n"]))
            for char in code
        )
        tenant = Property()
        assert requests.hash_code(tenant, typed) == requests.hash_code(tenant, code)

    @given(one=st.text(tracking.ALPHABET, min_size=16), two=st.text(tracking.ALPHABET, min_size=16))
    def test_two_codes_never_meet(self, one: str, two: str) -> None:
        tenant = Property()
        assert (requests.hash_code(tenant, one) == requests.hash_code(tenant, two)) == (one == two)

    def test_the_code_that_was_shown_finds_the_request(self, tenant: Property) -> None:
        request, code = receive(tenant)
        assert requests.find_by_code(tenant=tenant, code=f" {code.lower().replace('-', '－')} ") == request

    @pytest.mark.parametrize("code", ["", "-", "0000-0000-0000-0000", "\x00", "李", "0" * 5000])
    def test_a_wrong_code_opens_nothing(self, tenant: Property, code: str) -> None:
        receive(tenant)
        with pytest.raises(RightsRequest.DoesNotExist):
            requests.find_by_code(tenant=tenant, code=code)

    def test_codes_differ(self, tenant: Property) -> None:
        assert len({receive(tenant)[1] for _time in range(20)}) == 20


# What is misread on paper: Crockford's alphabet has neither of them.
CONFUSED = {"0": ("O", "o"), "1": ("I", "l", "L", "i")}


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_get_two_numbers() -> None:
    with transaction.atomic():
        tenant = factories.make_property()

    def job(pause_before: str = "") -> Job:
        def run() -> str:
            with tenant_context(tenant.pk):
                return receive(tenant)[0].number

        return Job(run, pause_before=pause_before)

    numbers = interleave(job('INSERT INTO "rights_rightsrequest"'), job())
    assert [number[-3:] for number in numbers] == ["001", "002"]
