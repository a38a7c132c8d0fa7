"""A second property that keeps faces on its terminals: work waiting, failed and confirmed, alarms, a copied key."""

import base64
import json
import time
from typing import Any

import httpx

from tests import terminals
from tests.browser.stage_rights import colleague
from tests.rehearsal import play as main
from tests.rehearsal.on_device import SLUG, open_second_property, scene
from tests.rehearsal.play import Play
from tests.rehearsal.visitors import expect

REPORT = {"firmware": "1.4.2", "algorithm": "ArcFace", "algorithm_version": "3.2", "model": "arcface-3.2"}


class Door:
    """A terminal that carries out its orders one at a time, when it is told to."""

    def __init__(self, play: Play, name: str) -> None:
        device = play.device(name, "identify")
        self.id, self._http, self._after = str(device["id"]), httpx.Client(base_url=play.url, timeout=30), 0
        play.things.setdefault("visitors", []).append(self)
        self.keys = terminals.Terminal(self.send)
        expect(self.keys.pair(device["pairing_code"], **REPORT), 201)

    def close(self) -> None:
        self._http.close()

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes) -> httpx.Response:
        return self._http.request(method, path, headers=headers, content=body)

    def confirm_next(self, outcome: str = "done", *, reason: str = "") -> None:
        order = expect(self.keys.get(f"orders/?after={self._after}"), 200).json()["orders"][0]
        self._after = order["number"]
        handle, model = ("face-1", REPORT["model"]) if order["kind"] == "enrol" and not reason else ("", "")
        said = {"v": 1, "device": self.id, "order": order["number"], "kind": order["kind"], "person": order["person"]}
        said |= {"outcome": outcome, "reason": reason, "handle": handle, "model": model}
        text = json.dumps(said | {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())})
        signature = base64.b64encode(self.keys.signing.sign(text.encode())).decode()
        path = f"orders/{order['number']}/receipt/"
        expect(self.keys.post(path, {"receipt": text, "signature": signature}), 200)

    def raise_alarms(self) -> None:
        """A request sent twice, one with a wrong clock, and a count that is not ours."""
        path = f"{terminals.BASE}heartbeat/"
        headers = self.keys.signed("POST", path, b"{}", "application/json")
        expect(self.send("POST", path, headers, b"{}"), 200)
        expect(self.send("POST", path, headers, b"{}"), 401)
        self.keys.ahead = 3600
        expect(self.keys.heartbeat(), 401)
        self.keys.ahead = 0
        expect(self.keys.heartbeat(faces=41), 200)

    def be_copied(self) -> None:
        """Another machine begins with the same key, and the first goes on: one of the two is a thief."""
        first = self.keys.boot
        expect(self.keys.heartbeat(), 200)
        self.keys.restart()
        expect(self.keys.heartbeat(), 200)
        self.keys.boot = first
        # Seconds are as fine as a signature's time is: the first has to speak after the second began.
        self.keys.ahead = 2
        expect(self.keys.heartbeat(), 401)


def open_property(cast: Play) -> dict[str, Any]:
    """Return what the pages of this property are about, by name; its Play under `play`."""
    if "admin" not in cast.things:
        raise AssertionError("The first property is opened first")
    open_second_property(cast)
    second = scene(cast)
    main.build(second)
    main.publish(second)
    on, off, copied = (Door(second, f"玉兰苑终端 {letter}") for letter in "ABC")
    main.assess(second)
    main.activate(second)
    people = {name: second.person(said) for name, said in PEOPLE.items()}
    for _person, me in people.values():
        asked = second.resident.page(f"{me}consent/recognition/")
        expect(second.resident.submit(asked, action='value="agree"', decision="agree"), 200)
    for name in ("leaver", "kept"):
        for door in (on, off):
            _order(second, people[name][0], door)
            door.confirm_next()
    second.resident.submit(second.resident.page(people["leaver"][1]), action="stop")
    on.confirm_next()
    _order(second, people["sent_back"][0], on)
    on.confirm_next("failed", reason="turned_away")
    _order(second, people["sent_back"][0], off)
    _order(second, people["kept"][0], copied)
    on.raise_alarms()
    copied.be_copied()
    return {"play": second, "people": people, "on": on.id, "off": off.id, "copied": copied.id, "slug": SLUG}


PEOPLE = {"kept": "玉女士", "leaver": "陈先生", "sent_back": "林女士", "fresh": "何先生"}


def lose(play: Play, device: str) -> str:
    """Let a second member declare a terminal lost; the first one may confirm it. Return its id."""
    other = colleague(play)
    try:
        page = other.page(f"/t/{SLUG}/devices/{device}/lost/")
        expect(other.submit(page, action="btn-danger", reason="门岗改造时不见了，已报案。"), 200)
    finally:
        other.close()
    return device


def _order(play: Play, person: str, door: Door) -> None:
    play.site("POST", f"people/{person}/terminals/", 201, device=door.id)
