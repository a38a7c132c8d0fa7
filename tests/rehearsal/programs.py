"""A member's own program: a token made on the page, the client of this repository, and a webhook of erasures."""

import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from portal.client import Portal, Problem, is_ours
from tests.rehearsal.play import PATIENCE, Play
from tests.rehearsal.visitors import expect

SCOPES = ["view_home", "view_premises", "manage_premises", "view_people", "manage_people", "view_retention"]
EVENTS = ["consent.changed", "enrollment.changed", "erasure.completed"]


class Listener:
    """Where the webhook leads: keeps each message with its headers."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        got = self.got

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                got.append((dict(self.headers.items()), self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                """Nothing on the output of the play."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def start(play: Play) -> None:
    """a program with a token of the owner reads the site, adds a zone once although it asks twice, and listens"""
    page = play.staff.page(f"/t/{play.slug}/tokens/add/")
    fields: dict[str, Any] = {"name": "排练", "days": "30", "scopes": [*SCOPES, "manage_property"]}
    shown = expect(play.staff.submit(page, action='name="scopes"', **fields), 200).text
    [token] = re.findall(r"cst_[A-Za-z0-9_-]{64}", shown)
    program, listener = Portal(play.url, play.slug, token), Listener()
    play.things.setdefault("visitors", []).extend([program, listener])
    assert program.property()["slug"] == play.slug
    assert {device["id"] for device in program.devices(state="active")} == set(play.things["devices"])
    zone = {"name": "北门", "kind": "gate"}
    first, again = (program.post("zones/", zone, key="rehearsal-zone") for _attempt in range(2))
    assert first == again and [row["name"] for row in program.zones(q="北门")] == ["北门"]
    try:
        program.add_zone("北门", "gate")
    except Problem as refused:
        assert refused.status == 400, refused
    else:
        raise AssertionError("a second zone of this name was added")
    hook = program.add_webhook(listener.url, EVENTS)
    play.things |= {"program": program, "listener": listener, "hook": hook}


def heard(play: Play) -> None:
    """the program was told, signed, of every state of the face up to the erasure, and nobody was named"""
    listener: Listener = play.things["listener"]
    until = time.monotonic() + PATIENCE
    while not {"enrolled", "erasing", "erased", "erasure.completed"} <= _told(listener, play.things["person"]):
        assert time.monotonic() < until, [body for _headers, body in listener.got]
        time.sleep(0.2)
    assert all(is_ours(play.things["hook"]["secret"], headers, body) for headers, body in listener.got)
    assert "巴先生" not in str([json.loads(body) for _headers, body in listener.got]), "a message names the person"


def _told(listener: Listener, person: str) -> set[str]:
    """Which states of a person's face were told, and which other events."""
    said = [json.loads(body) for _headers, body in listener.got]
    about = [one for one in said if one["data"]["person"] == person]
    return {one["data"].get("face_state", one["type"]) for one in about}
