"""Weights from the network: whole, ours, bounded, and taken up where they broke off. The server is on this machine."""

import dataclasses
import hashlib
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from recognition.engine import cards, fetched, fetching, weights
from recognition.engine.weights import WeightsError

CONTENT = bytes(range(256)) * 400
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Shelf(ThreadingHTTPServer):
    """One file, as well served as a test wants it."""

    daemon_threads = True
    content = CONTENT
    gives_parts = True
    breaks_off_at: int | None = None
    gives_wrong_parts = False
    leads_to = ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.asked: list[str | None] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/file"


class _Answer(BaseHTTPRequestHandler):
    server: Shelf

    def do_GET(self) -> None:
        shelf, wanted = self.server, self.headers.get("Range")
        shelf.asked.append(wanted)
        if shelf.leads_to:
            self.send_response(302)
            self.send_header("Location", shelf.leads_to)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        start = int(re.findall(r"\d+", wanted)[0]) if wanted and shelf.gives_parts else 0
        if start >= len(shelf.content):
            self.send_response(416)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if start and shelf.gives_wrong_parts:
            start += 1
        rest = shelf.content[start:]
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(shelf.content) - 1}/{len(shelf.content)}")
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        self.wfile.write(rest if shelf.breaks_off_at is None else rest[: shelf.breaks_off_at])

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with Shelf() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def fetch(shelf: Shelf, target: Path, *, sha256: str = SHA256, most_bytes: int = 1_000_000) -> None:
    fetching.fetch(shelf.address, target, sha256=sha256, most_bytes=most_bytes)


def test_a_file_comes_whole_and_is_not_asked_for_again(shelf: Shelf, tmp_path: Path) -> None:
    target = tmp_path / "folder" / "file.h5"
    for _time in range(2):
        fetch(shelf, target)
    assert target.read_bytes() == CONTENT
    assert shelf.asked == [None]
    assert list(target.parent.iterdir()) == [target]


def test_what_broke_off_goes_on_where_it_was(shelf: Shelf, tmp_path: Path) -> None:
    target = tmp_path / "file.h5"
    shelf.breaks_off_at = 1000
    for _time in range(2):
        with pytest.raises(WeightsError, match=r"broke off after .* run the command again"):
            fetch(shelf, target)
        assert not target.exists(), "half a file was taken for a whole one"
    shelf.breaks_off_at = None
    fetch(shelf, target)
    assert target.read_bytes() == CONTENT
    assert shelf.asked == [None, "bytes=1000-", "bytes=2000-"]


@pytest.mark.parametrize("fault", ["no parts", "a wrong part", "more than there is"])
def test_a_server_that_cannot_give_a_part_is_asked_for_all_of_it(shelf: Shelf, tmp_path: Path, fault: str) -> None:
    target = tmp_path / "file.h5"
    (tmp_path / ".fetching-file.h5").write_bytes(CONTENT + b"!" if fault == "more than there is" else CONTENT[:500])
    shelf.gives_parts, shelf.gives_wrong_parts = fault != "no parts", fault == "a wrong part"
    fetch(shelf, target)
    assert target.read_bytes() == CONTENT


def test_another_file_than_the_one_we_trust_is_removed(shelf: Shelf, tmp_path: Path) -> None:
    target = tmp_path / "file.h5"
    target.write_bytes(b"the one from before")
    with pytest.raises(WeightsError, match=r"is not the file\.h5 with this SHA-256\. It was removed"):
        fetch(shelf, target, sha256="0" * 64)
    assert [path.name for path in tmp_path.iterdir()] == ["file.h5"]
    assert target.read_bytes() == b"the one from before"


def test_a_server_that_never_ends_is_left(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="more than the 1000 bytes that we take"):
        fetch(shelf, tmp_path / "file.h5", most_bytes=1000)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("leads_to", ["http://weights.example/file", "ftp://127.0.0.1/file", "/file"])
def test_a_server_may_not_lead_to_an_unsafe_place_or_in_a_circle(shelf: Shelf, tmp_path: Path, leads_to: str) -> None:
    shelf.leads_to = leads_to
    with pytest.raises(WeightsError, match=r"not HTTPS|leads on|broke off"):
        fetch(shelf, tmp_path / "file.h5")
    assert not (tmp_path / "file.h5").exists()


def test_outside_tests_not_even_this_machine_is_asked_in_clear(shelf: Shelf, tmp_path: Path, settings: Any) -> None:
    settings.TESTING = False
    with pytest.raises(WeightsError, match="not HTTPS"):
        fetch(shelf, tmp_path / "file.h5")
    assert shelf.asked == []


def test_two_at_once_do_not_write_one_file(shelf: Shelf, tmp_path: Path) -> None:
    import fcntl

    with (tmp_path / ".fetching-file.h5").open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(WeightsError, match="being fetched by another process"):
            fetch(shelf, tmp_path / "file.h5")


@pytest.fixture
def sface(shelf: Shelf, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A model that our own server has; its file's name."""
    file = dataclasses.replace(cards.SFACE.files[0], address=shelf.address)
    card = dataclasses.replace(cards.SFACE, files=(file,))
    monkeypatch.setitem(cards.CARDS, "SFace", card)
    monkeypatch.setitem(cards.DESCRIBERS, "SFace", card)
    settings.DEEPFACE_HOME = tmp_path
    yield file.name


def test_the_command_fetches_a_model_and_says_what_to_set(
    sface: str, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("provision_models", "--model", "SFace", "--sha256", SHA256.upper())
    assert f"FACE_MODEL=SFace\nFACE_MODEL_SHA256={sface}={SHA256}" in capsys.readouterr().out
    settings.FACE_MODEL, settings.FACE_MODEL_SHA256 = "SFace", {sface: SHA256}
    assert fetched.check_files() == []
    call_command("provision_models")
    place = weights.folder(tmp_path) / sface
    place.write_bytes(CONTENT[:-1] + b"!")
    with pytest.raises(CommandError, match="is damaged"):
        call_command("provision_models")
    call_command("provision_models", "--model", "SFace")  # with the sum of the settings
    assert place.read_bytes() == CONTENT


def test_without_a_sum_nothing_is_fetched(sface: str, shelf: Shelf) -> None:
    with pytest.raises(CommandError, match=f"We know no SHA-256 of {re.escape(sface)}"):
        call_command("provision_models", "--model", "SFace")
    with pytest.raises(CommandError, match="has 1 files"):
        call_command("provision_models", "--model", "SFace", "--sha256", SHA256, "--sha256", SHA256)
    assert shelf.asked == []


def test_a_model_for_non_commercial_use_is_not_fetched_without_a_reason(settings: Any) -> None:
    with pytest.raises(CommandError, match="non-commercial use only"):
        call_command("provision_models", "--model", "ArcFace", "--sha256", SHA256)
