"""Static files and tables are made once for all scratch stacks, and no stack can spoil those of another."""

import fcntl
import os
import threading
import time
from pathlib import Path

import pytest

from portal.stack.shelf import FORGOTTEN_SECONDS, _lock, filling


def fill(target: Path, *, shelf: Path, fingerprint: str = "a", text: str = "made") -> bool:
    """Return whether the folder came from the shelf."""
    target.mkdir(exist_ok=True)
    with filling(target, shelf=shelf, fingerprint=fingerprint) as is_filled:
        if not is_filled:
            (target / "css").mkdir()
            (target / "css" / "one.css").write_text(text)
    return is_filled


def test_the_second_stack_gets_a_copy_of_its_own(tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    assert not fill(tmp_path / "one", shelf=shelf)
    assert fill(tmp_path / "two", shelf=shelf)
    (tmp_path / "two" / "css" / "one.css").write_text("spoilt")
    assert fill(tmp_path / "three", shelf=shelf)
    assert (tmp_path / "three" / "css" / "one.css").read_text() == "made"


def test_another_source_is_collected_anew(tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    fill(tmp_path / "one", shelf=shelf)
    assert not fill(tmp_path / "two", shelf=shelf, fingerprint="b", text="other")
    assert (tmp_path / "two" / "css" / "one.css").read_text() == "other"


def test_nothing_is_kept_of_what_failed(tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    (tmp_path / "one").mkdir()
    with pytest.raises(RuntimeError), filling(tmp_path / "one", shelf=shelf, fingerprint="a"):
        (tmp_path / "one" / "half").touch()
        raise RuntimeError
    assert not fill(tmp_path / "two", shelf=shelf)


def test_who_starts_meanwhile_waits_and_does_not_collect_again(tmp_path: Path) -> None:
    shelf, answers = tmp_path / "shelf", []
    (tmp_path / "one").mkdir()
    other = threading.Thread(target=lambda: answers.append(fill(tmp_path / "two", shelf=shelf)))
    with filling(tmp_path / "one", shelf=shelf, fingerprint="a") as is_filled:
        assert not is_filled
        other.start()
        other.join(0.2)
        assert other.is_alive()
        (tmp_path / "one" / "file").touch()
    other.join(10)
    assert answers == [True]
    assert (tmp_path / "two" / "file").exists()


def test_what_is_a_day_old_goes(tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    fill(tmp_path / "one", shelf=shelf)
    fill(tmp_path / "two", shelf=shelf, fingerprint="b")
    old = time.time() - FORGOTTEN_SECONDS - 1
    os.utime(shelf / "a", (old, old))
    fill(tmp_path / "three", shelf=shelf, fingerprint="c")
    assert sorted(path.name for path in shelf.iterdir() if path.is_dir()) == ["b", "c"]


def test_what_is_a_day_old_stays_while_somebody_copies_it(tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    fill(tmp_path / "one", shelf=shelf)
    old = time.time() - FORGOTTEN_SECONDS - 1
    os.utime(shelf / "a", (old, old))
    with _lock(shelf / "a").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        fill(tmp_path / "two", shelf=shelf, fingerprint="b")
    assert (shelf / "a").is_dir()


def test_who_wants_another_source_does_not_wait(tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    (tmp_path / "one").mkdir()
    with filling(tmp_path / "one", shelf=shelf, fingerprint="a"):
        assert not fill(tmp_path / "two", shelf=shelf, fingerprint="b")
