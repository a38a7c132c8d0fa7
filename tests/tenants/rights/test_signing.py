"""Evidence is signed by the installation's key, and nobody needs that key to check it."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from tenants.rights import signing
from tenants.rights.checks import evidence_key_is_where_it_belongs

BODY = '{"数字":1}'.encode()


def test_what_was_signed_is_recognised_with_the_public_key_alone(settings: Settings) -> None:
    signed = signing.sign(BODY)
    settings.EVIDENCE_KEY = None
    assert signing.is_signed(BODY, signature=signed.signature, key_id=signed.key_id)
    assert signing.public_keys().keys() == {signed.key_id}


def test_an_other_text_or_signature_or_key_is_not(settings: Settings) -> None:
    signed = signing.sign(BODY)
    assert not signing.is_signed(BODY + b" ", signature=signed.signature, key_id=signed.key_id)
    assert not signing.is_signed(BODY, signature=signed.signature, key_id="0" * 16)
    for signature in ("", "?", signed.signature + "=", signed.signature[:-4], signing.sign(b"").signature):
        assert not signing.is_signed(BODY, signature=signature, key_id=signed.key_id)


def test_the_same_signature_in_other_letters_is_not_taken() -> None:
    """The last letters of base64 leave bits unused, so that several texts mean the same bytes."""
    signed = signing.sign(BODY)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = letters[letters.index(signed.signature[-3]) + 1]
    other = signed.signature[:-3] + last + "=="
    assert base64.b64decode(other) == base64.b64decode(signed.signature)
    assert not signing.is_signed(BODY, signature=other, key_id=signed.key_id)


def test_an_older_key_still_checks_what_it_has_signed(settings: Settings) -> None:
    signed, older = signing.sign(BODY), settings.EVIDENCE_PUBLIC_KEYS
    settings.EVIDENCE_KEY = base64.b64encode(b"7" * 32).decode()
    newer = signing.sign(BODY)
    assert newer.key_id != signed.key_id
    assert not signing.is_signed(BODY, signature=newer.signature, key_id=newer.key_id)
    settings.EVIDENCE_PUBLIC_KEYS = f"{older}\n{public_of(settings.EVIDENCE_KEY)}"
    for one in (signed, newer):
        assert signing.is_signed(BODY, signature=one.signature, key_id=one.key_id)


def public_of(private: str) -> str:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(private))
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


@pytest.mark.parametrize("text", [None, "", "not base64 at all!", base64.b64encode(b"short").decode()])
def test_a_process_without_a_key_or_with_a_broken_one_signs_nothing(settings: Settings, text: str | None) -> None:
    settings.EVIDENCE_KEY = text
    with pytest.raises(ImproperlyConfigured, match="EVIDENCE_KEY"):
        signing.sign(BODY)


def test_a_web_process_without_its_key_does_not_start(settings: Settings) -> None:
    settings.CONSENTRY_ROLE, key = "web", settings.EVIDENCE_KEY
    assert evidence_key_is_where_it_belongs() == []
    settings.EVIDENCE_KEY = None
    assert [error.id for error in evidence_key_is_where_it_belongs()] == ["rights.E001"]
    settings.EVIDENCE_KEY = "nonsense"
    assert [error.id for error in evidence_key_is_where_it_belongs()] == ["rights.E001"]
    settings.EVIDENCE_KEY, settings.EVIDENCE_PUBLIC_KEYS = key, None
    assert [error.id for error in evidence_key_is_where_it_belongs()] == ["rights.E002"]
    settings.CONSENTRY_ROLE, settings.EVIDENCE_KEY, settings.EVIDENCE_PUBLIC_KEYS = "recognition", None, "nonsense"
    assert [error.id for error in evidence_key_is_where_it_belongs()] == ["rights.E003"]
