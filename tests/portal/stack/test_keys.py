"""The key that signs evidence: made once, never silently replaced, its older public keys kept."""

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.stack.failure import StackError
from portal.stack.keys import Keys, encode, ensure_keys

ROLES = ("owner", "web", "recognition")


def made(folder: Path) -> Keys:
    return ensure_keys(folder, roles=ROLES, has_data=False)


def public_of(keys: Keys) -> str:
    seed = base64.b64decode(keys.evidence_private.read_text())
    return encode(Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw())


def test_it_is_made_on_the_first_start_and_kept_on_the_next(tmp_path: Path) -> None:
    keys = made(tmp_path)
    before = keys.evidence_private.read_text()
    assert keys.evidence_public.read_text().split() == [public_of(keys)]
    assert keys.evidence_private.stat().st_mode & 0o777 == 0o600
    assert made(tmp_path).evidence_private.read_text() == before


def test_an_installation_that_is_older_than_the_key_is_given_one(tmp_path: Path) -> None:
    keys = made(tmp_path)
    keys.evidence_private.unlink()
    keys.evidence_public.unlink()
    again = ensure_keys(tmp_path, roles=ROLES, has_data=True)
    assert again.evidence_public.read_text().split() == [public_of(again)]


def test_one_that_is_lost_is_not_replaced_in_silence(tmp_path: Path) -> None:
    keys = made(tmp_path)
    keys.evidence_private.unlink()
    with pytest.raises(StackError, match="signs certificates"):
        made(tmp_path)


def test_another_one_in_its_place_is_listed_beside_the_older(tmp_path: Path) -> None:
    keys = made(tmp_path)
    older = public_of(keys)
    keys.evidence_private.write_text(encode(b"7" * 32))
    made(tmp_path)
    assert keys.evidence_public.read_text().split() == [older, public_of(keys)]


@pytest.mark.parametrize("text", ["", "not base64!", encode(b"short")])
def test_what_is_no_key_is_said(tmp_path: Path, text: str) -> None:
    keys = made(tmp_path)
    keys.evidence_private.write_text(text)
    with pytest.raises(StackError, match="is not a key"):
        made(tmp_path)
