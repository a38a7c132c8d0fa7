"""What a public key may be."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from recognition.edge import rules


def test_keys_that_a_terminal_makes_are_taken() -> None:
    for _time in range(20):
        assert rules.is_signing_key(Ed25519PrivateKey.generate().public_key().public_bytes_raw())
        assert rules.is_sealing_key(X25519PrivateKey.generate().public_key().public_bytes_raw())


@pytest.mark.parametrize("point", sorted(rules._SMALL_ORDER_X))
def test_a_key_to_which_nothing_can_be_sealed_is_none(point: bytes) -> None:
    with pytest.raises(ValueError, match="shared"):
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(point))
    assert not rules.is_sealing_key(point)
    assert not rules.is_sealing_key(point[:-1] + bytes([point[-1] | 0x80]))


@pytest.mark.parametrize("text", ["", "x", "AAAA", base64.b64encode(bytes(31)).decode(), "=" * 44, "é" * 44])
def test_what_is_not_32_bytes_of_base64_is_no_key(text: str) -> None:
    assert rules.read_key(text) is None
