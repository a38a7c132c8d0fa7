"""A disk that is full, files that are damaged, pictures that are none: the terminal says so, and cards go on."""

from __future__ import annotations

import os
import sqlite3
import uuid
from datetime import timedelta
from pathlib import Path

import pytest

from recognition.edge.agent import outbox, passes, rotation
from recognition.edge.agent.camera import Folder, NoPicture, read_photo
from recognition.edge.agent.damage import Damaged
from recognition.edge.agent.identity import FILE, Keeper, paired_by
from recognition.edge.agent.runner import Runner
from recognition.edge.agent.store import Store
from recognition.edge.agent.terminal import Declared
from recognition.engine import photos
from recognition.engine.codes import FaceRejected
from tests.fakes import FakeEngine
from tests.recognition.edge.agent.conftest import LI, Machine, Time
from tests.recognition.edge.agent.double import Double
from tests.recognition.edge.agent.faces import held, row_of, show

WANG = uuid.uuid4()


def fill_the_disk(door: Machine) -> None:
    """From now on nothing can be written to the store."""
    assert door.terminal
    door.terminal.store._db.execute("PRAGMA query_only = ON")


def test_a_full_disk_keeps_no_card_from_opening(door: Machine, portal: Double) -> None:
    assert door.terminal
    portal.cards = {"04A1"}
    passes.show_pass(door.terminal, kind="card", card="04A1")
    fill_the_disk(door)
    assert passes.show_pass(door.terminal, kind="card", card="04A1").allowed
    portal.is_down = True
    assert passes.show_pass(door.terminal, kind="card", card="04A1").allowed
    assert not passes.show_pass(door.terminal, kind="card", card="04FF").allowed
    portal.is_down, portal.key.is_revoked = False, True
    assert passes.show_pass(door.terminal, kind="card", card="04A1").allowed


def test_a_face_opens_nothing_alone_when_that_cannot_be_written_down(door: Machine, portal: Double) -> None:
    fill_the_disk(door)
    portal.is_down = True
    with pytest.raises(sqlite3.OperationalError):
        show(door)


def test_a_damaged_template_is_not_used_and_stops_nobody_else(door: Machine, portal: Double) -> None:
    assert door.terminal
    portal.store(WANG, row_of("wang"))
    portal.allowed = {str(LI), str(WANG)}
    door.sync()
    door.terminal.store.write("UPDATE templates SET sealed = zeroblob(600) WHERE person = ?", str(LI))
    door.start()
    assert show(door).rule == "no_match"
    assert show(door, "wang").allowed
    assert set(held(door)) == {LI, WANG}, "it is deleted only on order, and the order is confirmed"
    delete = portal.order("delete", LI)
    assert door.sync() == ""
    assert portal.outcome(delete)["outcome"] == "done"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"current": {}, "next": null}', b"\xff\xfe"])
def test_a_damaged_identity_is_said_in_one_sentence(machine: Machine, content: bytes) -> None:
    machine.stop()
    (machine.home / FILE).write_bytes(content)
    with pytest.raises(Damaged, match=r"identity\.json.*paired again"):
        Keeper.open(machine.home)


def test_a_damaged_store_is_said_in_one_sentence(machine: Machine) -> None:
    machine.stop()
    (place,) = machine.home.glob("*.sqlite3")
    place.write_bytes(b"not a database, and long enough to be looked at" * 100)
    with pytest.raises(Damaged, match=r"sqlite3.*paired again"):
        Store(machine.home, name=place.stem)


def test_the_keys_of_another_pairing_do_not_take_over_a_terminal_that_runs(machine: Machine, portal: Double) -> None:
    assert machine.terminal
    before = machine.terminal.identity
    machine.terminal.keeper.propose(paired_by(portal.code))
    rotation.settle_rotation(machine.terminal)
    assert machine.terminal.identity is before
    assert machine.terminal.keeper.next is not None, "its code may have been used: the keys are kept for the next start"
    assert portal.calls.count("heartbeat/") == 1


def test_a_folder_that_is_gone_is_no_picture(tmp_path: Path) -> None:
    eyes = Folder(tmp_path / "gone")
    assert eyes.look() is None


def test_a_file_larger_than_any_photo_is_not_read_whole(tmp_path: Path) -> None:
    with (tmp_path / "a.jpg").open("wb") as file:
        file.truncate(4_000_000_000)
    photo = read_photo(tmp_path / "a.jpg")
    assert len(photo) == photos.MAX_BYTES + 1
    with pytest.raises(FaceRejected, match="too_large"):
        photos.sniff(photo)


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_picture_is_passed_over_once(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "a.jpg"
    if kind == "folder":
        place.mkdir()
    else:
        os.mkfifo(place)
    with pytest.raises(NoPicture):
        read_photo(place)
    eyes = Folder(tmp_path)
    with pytest.raises(NoPicture):
        eyes.look()
    assert eyes.look() is None


class Faulty:
    """Eyes that fail."""

    def look(self) -> None:
        raise RuntimeError("The camera is gone.")


def test_eyes_that_fail_do_not_end_the_terminal(door: Machine) -> None:
    assert door.terminal
    runner = Runner(door.home, "", FakeEngine(), Declared("dlib-resnet", "19.24"), eyes=Faulty())
    assert runner._glance(door.terminal)


def test_after_a_reboot_no_face_opens_before_the_portal_was_heard(door: Machine, portal: Double, time: Time) -> None:
    """A machine without a battery goes on with the time at which it was switched off: days may have passed."""
    portal.is_down = True
    time.reboot()
    door.start()
    assert show(door).rule == "timeout"
    portal.is_down = False
    door.sync()
    assert show(door).allowed


def test_the_time_between_two_starts_is_counted_whatever_the_machines_clock_shows(
    door: Machine, portal: Double, time: Time
) -> None:
    portal.is_down = True
    time.pass_by(hours=23)
    time.error = timedelta(hours=-20)
    door.start()
    assert show(door).allowed
    time.pass_by(hours=2)
    door.start()
    assert show(door).rule == "timeout"


def test_of_an_outage_without_end_the_latest_events_are_kept_and_every_receipt(
    door: Machine, portal: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "EVENTS_KEPT", 5)
    deleted = portal.order("delete", LI)
    portal.ignores = lambda path: path.endswith("receipt/") or path == "events/"
    door.sync()
    assert door.terminal
    written = [
        outbox.write_event(door.terminal.store, at=door.time.at, method="card", allowed=True, rule="pass_allowed")
        for _event in range(8)
    ]
    assert [event["id"] for event in outbox.events(door.terminal.store)] == written[3:]
    assert outbox.lost_events(door.terminal.store) == 3
    portal.ignores = lambda path: False
    assert door.sync() == ""
    assert set(written[3:]) <= set(portal.events)
    assert portal.outcome(deleted)["outcome"] == "done", "no receipt makes room for an event"
    assert outbox.write_event(door.terminal.store, at=door.time.at, method="card", allowed=True, rule="pass_allowed")
    assert outbox.lost_events(door.terminal.store) == 3
