"""Two implementations that share nothing sign alike: the reference terminal's, and the tests' own."""

from datetime import UTC, datetime

import httpx
import pytest

from recognition.edge import signatures
from recognition.edge.agent import identity, signing
from recognition.edge.refusals import Refused
from recognition.edge.signatures import Message
from tests.terminals import Terminal

CODE = f"cpc_{'1a' * 16}_{'2b' * 16}_{'3c' * 32}"
URL = "https://portal.example/api/v1/device/"


def read(request: httpx.Request) -> Message:
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Message(request.method, f"https://elsewhere{request.url.raw_path.decode()}", headers, request.content)


@pytest.mark.parametrize(
    ("method", "path", "body"), [("POST", "heartbeat/", {"report": {}}), ("GET", "orders/?after=7&b=%E4%B8%9C", None)]
)
def test_what_the_reference_terminal_signs_is_proved(method: str, path: str, body: dict | None) -> None:
    own = identity.paired_by(CODE)
    request = httpx.Request(method, URL + path, json=body)
    signing.sign(request, identity=own, boot=signing.new_boot(), created=datetime(2026, 1, 5, 8, tzinfo=UTC))
    message = read(request)
    claim = signatures.read(message)
    key = own.signing.public_key().public_bytes_raw()
    assert (str(claim.key), claim.key.thumbprint) == (own.keyid, signatures.thumbprint(key))
    signatures.verify(message, claim=claim, signing_key=key)
    other = identity.paired_by(CODE).signing.public_key().public_bytes_raw()
    with pytest.raises(Refused, match="bad_signature"):
        signatures.verify(message, claim=claim, signing_key=other)


def test_what_the_tests_sign_is_proved_and_a_changed_body_is_not() -> None:
    terminal = Terminal(send=lambda *_: None, tenant="1a" * 16, device="2b" * 16)
    path = "/api/v1/device/heartbeat/"
    headers = {k.lower(): v for k, v in terminal.signed("POST", path, b"{}", "application/json").items()}
    claim = signatures.read(Message("POST", f"https://portal{path}", headers, b"{}"))
    key = terminal.signing.public_key().public_bytes_raw()
    signatures.verify(Message("POST", f"https://portal{path}", headers, b"{}"), claim=claim, signing_key=key)
    with pytest.raises(Refused, match="bad_digest"):
        signatures.verify(Message("POST", f"https://portal{path}", headers, b"{ }"), claim=claim, signing_key=key)
