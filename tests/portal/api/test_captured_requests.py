"""What somebody can do with a request or a code that they saw, without the key: nothing, and nothing stops by it."""

import base64
import hashlib
import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from recognition.edge.models import DeviceAlarm, DeviceKey
from recognition.edge.services import requests
from recognition.edge.services.pairing import pair
from recognition.edge.signatures import Message
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device
from tests import factories
from tests.terminals import BASE, Terminal, by_client, paired
from tests.threads import Job, together

pytestmark = pytest.mark.django_db(transaction=True)

HEARTBEAT = BASE + "heartbeat/"
JSON = "application/json"


@pytest.fixture
def tenant() -> Property:
    with transaction.atomic():
        return factories.make_property()


@pytest.fixture
def door(tenant: Property) -> tuple[Device, Terminal]:
    with tenant_context(tenant.pk):
        device, code = factories.make_active_device(tenant)
    return device, paired(code, Client())


def told(answer: object) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def alarms(tenant: Property) -> dict[str, int]:
    with tenant_context(tenant.pk):
        return dict(DeviceAlarm.objects.values_list("kind", "count"))


def test_a_request_of_an_earlier_start_stops_no_terminal(
    tenant: Property, door: tuple, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else whoever saw one request could stop the door: a replay is a replay, whichever start signed it."""
    device, terminal = door
    seen = terminal.signed("POST", HEARTBEAT, b"{}", JSON)
    assert terminal.send("POST", HEARTBEAT, seen, b"{}").status_code == 200
    terminal.restart()
    assert terminal.heartbeat().status_code == 200
    assert told(terminal.send("POST", HEARTBEAT, seen, b"{}")) == (401, "replayed")
    later = timezone.now() + timedelta(minutes=10)
    with monkeypatch.context() as at:
        at.setattr(requests.timezone, "now", lambda: later)
        assert told(terminal.send("POST", HEARTBEAT, seen, b"{}")) == (401, "clock")
    assert terminal.heartbeat().status_code == 200
    assert alarms(tenant) == {"replayed": 1, "clock": 1}
    with tenant_context(tenant.pk):
        device.refresh_from_db()
    assert device.state == DeviceState.ACTIVE


def test_a_request_that_was_seen_is_good_for_no_other_address(door: tuple) -> None:
    _device, terminal = door
    seen = terminal.signed("POST", HEARTBEAT, b"{}", JSON)
    for method, path in (
        ("POST", BASE + "events/"), ("POST", BASE + "decide/"), ("POST", BASE + "keys/"), ("PUT", HEARTBEAT),
        ("GET", BASE + "orders/"), ("POST", HEARTBEAT + "?after=1"), ("POST", HEARTBEAT + "?a=%F0%28"),
    ):  # fmt: skip
        assert told(terminal.send(method, path, seen, b"{}")) == (401, "bad_signature"), (method, path)
    assert told(terminal.send("POST", HEARTBEAT, seen, b'{"report": {}}')) == (401, "bad_digest")
    assert terminal.send("POST", HEARTBEAT, seen, b"{}").status_code == 200, "none of these used it up"


def test_headers_that_come_twice_or_say_too_much_are_refused(door: tuple) -> None:
    _device, terminal = door

    def signed(**instead: object) -> dict[str, str]:
        return terminal.signed("POST", HEARTBEAT, b"{}", JSON, **instead)

    def doubled(name: str) -> dict[str, str]:
        headers = signed()
        return headers | {name: f"{headers[name]}, {headers[name]}"}

    empty_first = signed()
    empty_first["Signature-Input"] = "t1=(), " + empty_first["Signature-Input"]
    cases = [
        (doubled("Signature-Input"), "bad_signature"),
        (doubled("Signature"), "bad_signature"),
        (doubled("Content-Digest"), "bad_signature"),
        (empty_first, "bad_signature"),
        (signed() | {"Signature": "t1=:" + "A" * 7000 + ":"}, "bad_signature"),
        (signed(created=-5), "clock"),
        (signed(created=999_999_999_999_999), "clock"),
        (signed(created=1.5), "unsigned"),
        (signed(created=True), "unsigned"),
        (signed(nonce=f"{terminal.boot}.{'a' * 81}"), "unsigned"),
        (signed(nonce=f"{terminal.boot}.{'a' * 21}"), "unsigned"),
        (signed(nonce=f"{terminal.boot}.{'a' * 21}="), "unsigned"),
    ]
    for number, (headers, code) in enumerate(cases):
        assert told(terminal.send("POST", HEARTBEAT, headers, b"{}")) == (401, code), number


@pytest.mark.parametrize(
    ("digest", "answer"),
    [
        ("sha-512=:{sha512}:", (200, "")),
        ("sha-256=:{sha256}:, sha-512=:{sha512}:", (200, "")),
        ("sha-256=:{sha512}:", (401, "bad_digest")),
        ("sha-256=:{sha256}:, sha-512=:{other}:", (401, "bad_digest")),
        ("md5=:{sha256}:", (401, "bad_digest")),
        ("sha-256=:{sha256}:, md5=:{sha256}:", (401, "bad_digest")),
        ("sha-256={sha256}", (401, "bad_digest")),
    ],
)
def test_digests_that_are_taken(door: tuple, digest: str, answer: tuple[int, str]) -> None:
    _device, terminal = door
    values = {"sha256": hashlib.sha256(b"{}"), "sha512": hashlib.sha512(b"{}"), "other": hashlib.sha512(b"[]")}
    text = digest.format(**{name: base64.b64encode(value.digest()).decode() for name, value in values.items()})
    headers = terminal.signed("POST", HEARTBEAT, b"{}", JSON, digest=text)
    assert told(terminal.send("POST", HEARTBEAT, headers, b"{}")) == answer


def test_one_code_pairs_one_of_two_machines(tenant: Property) -> None:
    with tenant_context(tenant.pk):
        device, code = factories.make_active_device(tenant)

    def pairing(machine: Terminal) -> Job:
        _prefix, machine.tenant, machine.device, _secret = code.split("_")
        body = json.dumps({"code": code, **machine.public}).encode()
        headers = machine.signed("POST", BASE + "pair/", body, JSON)
        named = {name.lower(): value for name, value in headers.items()}
        message = Message("POST", f"https://portal{BASE}pair/", named, body)
        return Job(lambda: pair(message=message, code=code, **machine.public))

    outcomes = together(*(pairing(Terminal(by_client(Client()))) for _machine in range(3)))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Proved", "ValidationError", "ValidationError"]
    with tenant_context(tenant.pk):
        assert DeviceKey.objects.filter(device=device).count() == 1


def test_no_number_of_an_order_makes_it_fall_over(door: tuple) -> None:
    _device, terminal = door
    for number in (0, 2**63, 10**30):
        answer = terminal.post(f"orders/{number}/receipt/", {"receipt": "{}", "signature": "x"})
        assert told(answer) == (404, "not_found"), number
