"""Commands as JSON lines on a socket in the terminal's home: the buttons of a terminal that has none."""

from __future__ import annotations

import json
import logging
import os
import socket
import socketserver
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from recognition.edge.agent import deciding, enrolments, outbox, passes, rules
from recognition.edge.agent.camera import Eyes, read_photo
from recognition.edge.agent.syncing import Syncing
from recognition.edge.agent.terminal import Terminal
from recognition.engine.codes import FaceRejected

logger = logging.getLogger(__name__)

SOCKET = "control.sock"
MAX_LINE = 64 * 1024
Command = dict[str, Any]


class Commands:
    """Each command is one object with one word for what to do: show, look, card, pin, qr, enrol, status, sync."""

    def __init__(self, terminal: Terminal, syncing: Syncing, *, eyes: Eyes | None = None) -> None:
        self._terminal, self._syncing, self._eyes = terminal, syncing, eyes
        self._known: dict[str, Callable[[Command], Command]] = {
            "show": self._show,
            "look": self._look,
            "card": self._pass,
            "pin": self._pass,
            "qr": self._pass,
            "enrol": self._enrol,
            "status": self._status,
            "sync": self._sync,
        }

    def answer(self, line: bytes) -> Command:
        """Never raises: what is wrong is in `error`."""
        try:
            command = json.loads(line)
            word = next(word for word in self._known if word in command)
            return self._known[word](command)
        except enrolments.NotOrdered:
            return {"error": "not_ordered"}
        except enrolments.NotNow as stopped:
            return {"error": stopped.rule, "sentence": rules.sentence(stopped.rule)}
        except FaceRejected as rejected:
            return {"error": str(rejected.code), "sentence": str(rejected.sentence)}
        except (ValueError, TypeError, KeyError, StopIteration) as error:
            return {"error": "bad_command", "detail": type(error).__name__}
        except Exception as error:
            logger.exception("A command failed.")
            return {"error": "failed", "detail": type(error).__name__}

    def _show(self, command: Command) -> Command:
        return self._decide(read_photo(Path(command["show"])), _person(command.get("person")))

    def _look(self, command: Command) -> Command:
        sight = self._eyes.look() if self._eyes else None
        if sight is None:
            return {"error": "no_picture"}
        return self._decide(sight.photo, _person(command.get("person")) or sight.person)

    def _decide(self, photo: bytearray, person: uuid.UUID | None) -> Command:
        return deciding.look(self._terminal, photo=photo, person=person).as_dict()

    def _pass(self, command: Command) -> Command:
        for kind in (passes.CARD, passes.QR):
            if kind in command:
                return passes.show_pass(self._terminal, kind=kind, **{kind: str(command[kind])}).as_dict()
        given = command[passes.PIN]
        number, pin = str(given["number"]), str(given["pin"])
        return passes.show_pass(self._terminal, kind=passes.PIN, number=number, pin=pin).as_dict()

    def _enrol(self, command: Command) -> Command:
        photo = read_photo(Path(command["picture"]))
        number = enrolments.take(self._terminal, person=uuid.UUID(command["enrol"]), photo=photo)
        return {"enrolled": True, "order": number}

    def _sync(self, command: Command) -> Command:
        return {"error": self._syncing.now()}

    def _status(self, command: Command) -> Command:
        terminal = self._terminal
        with terminal.store.lock:
            lease = terminal.lease()
            held = terminal.templates.persons()
            return {
                "device": str(terminal.identity.device),
                "keyid": terminal.identity.keyid,
                "state": lease.state if lease else None,
                "mode": lease.mode if lease else None,
                "storage_mode": lease.storage_mode if lease else None,
                "faces_until": lease.faces_until.isoformat() if lease else None,
                "cut_off": terminal.store.get("cut_off", ""),
                "refusal": terminal.refusal(lease.mode if lease else "", now=terminal.clock.now()),
                "held": [str(person) for person in held],
                "suspended": [str(person) for person, is_suspended in held.items() if is_suspended],
                "to_enrol": [str(one.order.person) for one in enrolments.waiting(terminal.store)],
                "last_order": terminal.store.last_order,
                "receipts": len(outbox.receipts(terminal.store)),
                "events": terminal.store.rows("SELECT count(*) FROM events")[0][0],
                "events_lost": outbox.lost_events(terminal.store),
                "model": terminal.engine.model_version,
            }


def _person(given: Any) -> uuid.UUID | None:
    return uuid.UUID(given) if given else None


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        commands = cast(_Server, self.server).commands
        while line := self.rfile.readline(MAX_LINE):
            answer = json.dumps(commands.answer(line), ensure_ascii=False)
            try:
                self.wfile.write(answer.encode() + b"\n")
            except BrokenPipeError:
                return


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    block_on_close = False
    commands: Commands


class Control:
    """The socket. Only the user who runs the terminal can open it."""

    def __init__(self, home: Path, commands: Commands) -> None:
        self._place = home / SOCKET
        self._place.unlink(missing_ok=True)  # of a run that was killed: the home's lock says that it is over
        self._server = _Server(str(self._place), _Handler)
        os.chmod(self._place, 0o600)
        self._server.commands = commands
        self._thread = threading.Thread(target=self._server.serve_forever, name="control", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._place.unlink(missing_ok=True)


def ask(home: Path, command: Command, *, seconds: float = 60.0) -> Command:
    """Send one command to the terminal that runs in this home. Raises OSError when none does."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(seconds)
        line.connect(str(home / SOCKET))
        line.sendall(json.dumps(command).encode() + b"\n")
        with line.makefile("rb") as answers:
            read = answers.readline()
    if not read:
        raise ConnectionError("The terminal closed the line without an answer.")
    return dict(json.loads(read))
