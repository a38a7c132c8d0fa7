"""What speaks for a stolen, copied, moved or broken terminal: signed requests of terminals (scenes.py says how)."""

import copy
import uuid
from collections.abc import Iterator

from django.test import Client

from portal.security.detection import places
from tests.portal.security.detection.house import HEARTBEAT, House
from tests.terminals import Terminal


def device_replay(house: House) -> Iterator[str]:
    device, terminal = house.terminal()
    headers = terminal.signed("POST", HEARTBEAT, b"{}", "application/json")
    assert terminal.send("POST", HEARTBEAT, headers, b"{}").status_code == 200
    while True:
        yield device
        assert terminal.send("POST", HEARTBEAT, headers, b"{}").json()["code"] == "replayed"


def device_cloned(house: House) -> Iterator[str]:
    device, terminal = house.terminal()
    thief = copy.copy(terminal)
    thief.restart()
    thief.ahead = -10
    assert thief.heartbeat().status_code == 200
    yield device
    assert terminal.heartbeat().json()["code"] == "key_copied"
    yield device


def device_moved(house: House) -> Iterator[str]:
    house.patch.setattr(places, "SETTLED_SECONDS", 0.0)
    _stays, first = house.terminal()
    device, second = house.terminal()
    assert first.heartbeat().status_code == second.heartbeat().status_code == 200
    far = Client(REMOTE_ADDR="198.51.100.7")
    second.send = lambda method, path, headers, body: far.generic(method, path, body, headers=headers)
    yield device
    second_headers = second.signed("POST", HEARTBEAT)
    assert second.send("POST", HEARTBEAT, second_headers, b"").status_code == 200
    assert first.heartbeat().status_code == 200
    yield device


def device_forged(house: House) -> Iterator[str]:
    device, terminal = house.terminal()
    thief = Terminal(terminal.send, tenant=terminal.tenant, device=terminal.device)
    while True:
        yield device
        assert thief.heartbeat().json()["code"] == "unknown_key"


def device_foreign(house: House) -> Iterator[str]:
    device, terminal = house.terminal()
    while True:
        yield device
        assert terminal.post("decide/", {"person": str(uuid.uuid4()), "mode": "verify"}).status_code == 200


def device_clock(house: House) -> Iterator[str]:
    device, terminal = house.terminal()
    terminal.ahead = 3600
    while True:
        yield device
        assert terminal.heartbeat().json()["code"] == "clock"


def impossible_heartbeat(house: House) -> Iterator[str]:
    device, terminal = house.terminal()
    while True:
        yield device
        assert terminal.heartbeat().status_code == 200


def faces_differ(house: House) -> Iterator[str]:
    device, terminal = house.terminal()
    while True:
        yield device
        assert terminal.heartbeat(faces=7).status_code == 200
