"""A process that ends by itself starts again, ever more slowly, and somebody is told."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.stack.children import Child, Guard
from portal.stack.processes import REFUSED, Keeper
from recognition.engine import refusal


@pytest.fixture
def guard() -> Iterator[Guard]:
    guard = Guard()
    yield guard
    guard.close()


def program(code: str, *, guard: Guard, tmp_path: Path) -> Child:
    return Child(
        "door", [sys.executable, "-S", "-c", code], log=tmp_path / "door.log", guard=guard, env={}, cwd=tmp_path
    )


def ended(child: Child) -> None:
    patience = time.monotonic() + 20
    while child.is_running() and time.monotonic() < patience:
        time.sleep(0.01)
    assert not child.is_running()


def test_a_crash_is_followed_by_a_later_and_later_start_and_a_sentence(guard: Guard, tmp_path: Path) -> None:
    said: list[str] = []
    child = program("print('no space left'); raise SystemExit(3)", guard=guard, tmp_path=tmp_path)
    keeper = Keeper({"door": child}, say=said.append)
    child.start()
    now = time.monotonic()
    for pause in (1, 2, 4):
        ended(child)
        keeper.look(now)
        keeper.look(now + pause - 0.1)
        assert not child.is_running(), "it started before its pause was over"
        now += pause
        keeper.look(now)
    ended(child)
    child.stop()
    assert len(said) == 3
    assert "code 3" in said[0]
    assert "3 times in a row" in said[2]
    assert "no space left" in said[2]
    assert str(tmp_path / "door.log") in said[2]


def test_a_program_that_ignores_the_request_is_ended_all_the_same(guard: Guard, tmp_path: Path) -> None:
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    child = Child(
        "door",
        [sys.executable, "-S", "-c", code],
        log=tmp_path / "door.log",
        guard=guard,
        env={},
        cwd=tmp_path,
        patience=0.3,
    )
    child.start()
    patience = time.monotonic() + 20
    while child.last_line() != "deaf" and time.monotonic() < patience:
        time.sleep(0.01)
    child.stop()
    assert not child.is_running()


def test_a_program_that_refuses_to_start_says_why_once_and_is_tried_again(guard: Guard, tmp_path: Path) -> None:
    said: list[str] = []
    code = f"print('ValueError of a run before'); print('the file a.dat is missing.'); raise SystemExit({REFUSED})"
    child = program(code, guard=guard, tmp_path=tmp_path)
    keeper = Keeper({"door": child}, say=said.append, longest_pause=30)
    child.start()
    now = time.monotonic()
    for _time in range(3):
        ended(child)
        keeper.look(now)
        keeper.look(now + 29)
        assert not child.is_running(), "it started before its pause was over"
        now += 30
        keeper.look(now)
    ended(child)
    child.stop()
    assert said == ["“door” ended: the file a.dat is missing. Everything else works. It is tried again every 30 s."]


def test_the_worker_and_its_keeper_mean_the_same_by_a_refusal() -> None:
    assert refusal.EXIT_CODE == REFUSED
