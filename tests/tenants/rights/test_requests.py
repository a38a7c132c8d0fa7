"""Requests: taken from anyone, found again by their code, and closed with words."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.rights.kinds import ErasureScope, RequestKind, RequestState
from tenants.rights.models import Erasure, RightsRequest
from tenants.rights.rules import add_working_days
from tenants.rights.services import requests
from tests import factories
from tests.threads import Job, interleave


def receive(tenant: Property, kind: RequestKind = RequestKind.ACCESS, **fields: str) -> tuple[RightsRequest, str]:
    return requests.receive(tenant=tenant, kind=kind, name="李阿姨", contact="13800138000", **fields)


def confirmed(tenant: Property, kind: RequestKind = RequestKind.ACCESS) -> RightsRequest:
    request, _code = receive(tenant, kind)
    return requests.confirm(tenant=tenant, request=request, person=factories.make_person(tenant))


def test_numbers_count_up_for_each_property(tenant: Property) -> None:
    month = f"R-{timezone.localdate():%y%m}-"
    assert [receive(tenant)[0].number for _time in range(3)] == [month + n for n in ("001", "002", "003")]
    assert receive(factories.make_property())[0].number == month + "001"


def test_the_clock_runs_fifteen_working_days(tenant: Property) -> None:
    request, _code = receive(tenant)
    deadline = add_working_days(timezone.localdate(), 15)
    assert (request.due_on, request.is_due_final) == (deadline.on, deadline.is_final)


@pytest.mark.parametrize("kind", sorted({*RequestKind, "everything"} - {RequestKind.ACCESS, RequestKind.DELETE}))
def test_what_is_not_offered_is_refused_beside_its_field(tenant: Property, kind: str) -> None:
    with pytest.raises(ValidationError) as refused:
        receive(tenant, kind)
    assert set(refused.value.error_dict) == {"kind"}


class TestTheCode:
    def test_the_code_is_not_stored_and_opens_only_here(self, tenant: Property) -> None:
        request, code = receive(tenant)
        assert code.replace("-", "") not in str(vars(RightsRequest.objects.get()))
        other = factories.make_property()
        with pytest.raises(RightsRequest.DoesNotExist):
            requests.find_by_code(tenant=other, code=code)
        assert request.code_hash != requests.hash_code(other, code)

    @given(data=st.data(), code=st.text(requests.ALPHABET, min_size=16, max_size=16))
    def test_a_code_is_found_however_it_is_typed(self, data: st.DataObject, code: str) -> None:
        """In small letters, full width, with O for 0, with any dash or space between: only the hash decides."""
        typed = "".join(
            data.draw(st.sampled_from([char, char.lower(), *CONFUSED.get(char, ()), chr(ord(char) + 0xFEE0)]))
            + data.draw(st.sampled_from(["", " ", "-", "－", "—", "\u3000", "\n"]))
            for char in code
        )
        tenant = Property()
        assert requests.hash_code(tenant, typed) == requests.hash_code(tenant, code)

    @given(one=st.text(requests.ALPHABET, min_size=16), two=st.text(requests.ALPHABET, min_size=16))
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


class TestHandling:
    def test_nothing_is_answered_before_it_is_known_who_asks(self, tenant: Property) -> None:
        request, _code = receive(tenant)
        with pytest.raises(ValidationError) as refused:
            requests.answer(tenant=tenant, request=request, text="好的")
        assert refused.value.code == "wrong_state"

    @pytest.mark.parametrize("text", ["", "  ", "\u3000\n"])
    @pytest.mark.parametrize("act", [requests.answer, requests.refuse])
    def test_a_request_is_never_closed_without_words(self, tenant: Property, act: object, text: str) -> None:
        request = confirmed(tenant)
        with pytest.raises(ValidationError) as refused:
            act(tenant=tenant, request=request, text=text)
        assert set(refused.value.error_dict) == {"text"}
        assert RightsRequest.objects.get().state == RequestState.CONFIRMED

    def test_an_answered_access_request_opens_a_package_for_a_while(self, tenant: Property) -> None:
        request = requests.answer(tenant=tenant, request=confirmed(tenant), text="请下载")
        assert request.state == RequestState.ANSWERED
        assert timezone.now() < request.package_until <= timezone.now() + requests.PACKAGE_LIFETIME
        assert not Erasure.objects.exists()

    def test_an_answered_deletion_orders_the_erasure_of_everything(self, tenant: Property) -> None:
        request = requests.answer(tenant=tenant, request=confirmed(tenant, RequestKind.DELETE), text="已删除")
        erasure = Erasure.objects.get()
        assert (erasure.person, erasure.scope, erasure.request) == (request.person, ErasureScope.PERSON, request)
        assert request.package_until is None

    def test_a_refusal_keeps_its_reason_and_closes(self, tenant: Property) -> None:
        request = requests.refuse(tenant=tenant, request=confirmed(tenant), text="不是本人")
        assert (request.state, request.answer) == (RequestState.REFUSED, "不是本人")
        for act in (requests.answer, requests.refuse):
            with pytest.raises(ValidationError) as refused:
                act(tenant=tenant, request=request, text="又")
            assert refused.value.code == "wrong_state"

    def test_a_person_of_another_property_cannot_be_linked(self, tenant: Property) -> None:
        request, _code = receive(tenant)
        stranger = factories.make_person(factories.make_property())
        with pytest.raises(ValidationError) as refused:
            requests.confirm(tenant=tenant, request=request, person=stranger)
        assert refused.value.code == "different_tenants"


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
