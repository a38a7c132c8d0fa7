"""A step that a request cannot take is refused with a sentence that says what to do instead."""

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from tenants.organizations.models import Property
from tenants.rights.kinds import RequestKind, RequestState
from tenants.rights.models import RightsRequest
from tenants.rights.services import moving, requests


@pytest.fixture
def request_(tenant: Property) -> RightsRequest:
    received, _code = requests.receive(tenant=tenant, kind=RequestKind.ACCESS, name="李阿姨", contact="13800138000")
    return received


def test_of_a_closed_one_it_says_that_a_new_one_is_needed(request_: RightsRequest) -> None:
    request_.state = RequestState.ANSWERED
    with override("en"), pytest.raises(ValidationError, match="a new request is needed") as refused:
        moving.require_open(request_)
    assert refused.value.code == "closed"


def test_of_a_step_out_of_turn_it_says_where_the_next_one_is_offered(request_: RightsRequest) -> None:
    request_.state = RequestState.ANSWERED
    with override("en"), pytest.raises(ValidationError, match="the page offers what can be done next") as refused:
        moving.require_step(request_, RequestState.RECEIVED)
    assert refused.value.code == "wrong_state"
