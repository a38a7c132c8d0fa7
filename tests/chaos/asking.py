"""Residents who ask what is held, or to be erased, and the desk that answers while things die."""

import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

from tests.chaos.people import Resident, persistently
from tests.chaos.stage import NAME, PHONE, Stage
from tests.rehearsal.play import SLUG

ANSWERS = {"access": "您的信息已备好，请下载。", "delete": "您的信息将被删除。"}
FILES = {"package.html", "package.pdf", "package.json"}


@dataclass(frozen=True)
class Asked:
    """A request, and the one tracking code that opens what comes of it."""

    resident: Resident
    kind: str
    id: str
    code: str

    @property
    def path(self) -> str:
        return f"public/{SLUG}/requests/{self.code}/"


def ask(stage: Stage, resident: Resident, kind: str) -> Asked:
    """Ask by the public form's API. Before the deaths: whoever loses the answer loses the code, and asks anew."""
    about = {"kind": kind, "name": resident.name, "contact": resident.phone, "room": "7-0101", "message": resident.name}
    received = resident.ask("POST", f"public/{SLUG}/requests/", 201, **about).json()
    row = stage.rows("SELECT id::text FROM rights_rightsrequest WHERE number = %s", received["number"])
    return Asked(resident, kind, row[0][0], received["tracking_code"])


def answer(stage: Stage, asked: Asked) -> None:
    """The desk knows who asks, and answers; where a part dies meanwhile, it looks how far it came and goes on."""

    def go_on() -> None:
        desk, path = stage.actors.site, f"requests/{asked.id}/"
        if desk("GET", path)["state"] == "received":
            desk("POST", f"{path}confirm/", person=asked.resident.person)
        if desk("GET", path)["state"] == "confirmed":
            desk("POST", f"{path}answer/", text=ANSWERS[asked.kind])

    persistently(go_on)


def download(stage: Stage, asked: Asked) -> dict[str, Any]:
    """Download a package with its code, and return what it says. Raises AssertionError when anything in it is odd."""
    answer = asked.resident.ask("GET", f"{asked.path}package/", 200)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        assert package.testzip() is None
        assert set(package.namelist()) >= FILES, package.namelist()
        assert package.read("package.pdf").startswith(b"%PDF-")
        told = package.read("package.json").decode() + package.read("package.html").decode()
        says: dict[str, Any] = json.loads(package.read("package.json"))
    me = asked.resident
    assert says["person"]["id"] == me.person, says["person"]
    assert me.name in told
    assert me.phone in told
    rest = told.replace(me.name, "").replace(me.phone, "")
    assert NAME not in rest, "Somebody else's name is in the package."
    assert PHONE not in rest, "Somebody else's number is in the package."
    for other in stage.residents:
        assert other is me or other.person not in told, "Somebody else is in the package."
    return says
