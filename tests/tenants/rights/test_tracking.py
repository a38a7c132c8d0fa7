"""What is sealed to a tracking code opens with that code, for that request, and with nothing else."""

import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.organizations.models import Property
from tenants.rights.services.requests import hash_code
from tenants.rights.tracking import WrongCode, open_sealed, plain_code, seal, seal_key

TENANT, REQUEST = uuid.UUID(int=1), uuid.UUID(int=2)
CODE = "0123-ABCD-EFGH-JKMN"


def sealed() -> bytes:
    key = seal_key(CODE, tenant_id=TENANT)
    return seal("欧阳锦绣".encode(), key, tenant_id=TENANT, request_id=REQUEST)


@pytest.mark.parametrize("typed", [CODE, "ol23 abcd efgh jkmn", "０１２３—ＡＢＣＤ—ＥＦＧＨ—ＪＫＭＮ"])
def test_the_code_opens_it_however_it_is_typed(typed: str) -> None:
    assert open_sealed(sealed(), typed, tenant_id=TENANT, request_id=REQUEST).decode() == "欧阳锦绣"


@pytest.mark.parametrize("code", ["", "0123-ABCD-EFGH-JKMP", "0" * 16])
def test_another_code_opens_nothing(code: str) -> None:
    with pytest.raises(WrongCode):
        open_sealed(sealed(), code, tenant_id=TENANT, request_id=REQUEST)


def test_it_is_bound_to_its_request_and_its_property() -> None:
    with pytest.raises(WrongCode):
        open_sealed(sealed(), CODE, tenant_id=TENANT, request_id=TENANT)
    with pytest.raises(WrongCode):
        open_sealed(sealed(), CODE, tenant_id=REQUEST, request_id=REQUEST)
    assert seal_key(CODE, tenant_id=TENANT) != seal_key(CODE, tenant_id=REQUEST)


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_changed_byte_is_noticed(data: st.DataObject) -> None:
    whole = bytearray(sealed())
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(WrongCode):
        open_sealed(bytes(whole), CODE, tenant_id=TENANT, request_id=REQUEST)


def test_what_is_no_key_seals_nothing() -> None:
    with pytest.raises(ValueError, match="32"):
        seal(b"", b"short", tenant_id=TENANT, request_id=REQUEST)


def test_a_code_means_the_same_to_the_lock_and_to_the_search() -> None:
    """What finds a request also opens its package."""
    tenant = Property()
    for typed in ("ol23 abcd", "0123ABCD", "０１２３－ａｂｃｄ"):
        assert hash_code(tenant, typed) == hash_code(tenant, plain_code(typed))
