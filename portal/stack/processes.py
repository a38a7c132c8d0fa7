"""The four processes of the application, and what happens when one of them ends by itself."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from portal.stack.children import Child, Guard, tail

NAMES = ("web", "recognition", "default", "beat")
ROLE_OF = {"web": "web", "recognition": "recognition", "default": "web", "beat": "web"}
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0
CRASHES_WORTH_A_WORD = 3
# Longer than a client keeps an idle connection: who sends in the moment it is closed would lose the request.
KEEP_ALIVE_SECONDS = 75
REFUSED = os.EX_CONFIG  # it ended on purpose, with one sentence: a file or a setting has to be mended first


def command(name: str, *, host: str, port: int, run: Path) -> list[str]:
    """The command line of one process.

    gunicorn keeps no access log and names no address: the path of a personal page holds its token. The recognition
    worker does not fork (pool solo), because a TensorFlow model made before a fork hangs the child.
    """
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    celery = [sys.executable, "-m", "celery", "-A", "portal"]
    worker = [*celery, "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    return {
        "web": [
            sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", address, "--workers", "2",
            "--worker-class", "gthread", "--threads", "4", "--graceful-timeout", "10", "--no-control-socket",
            "--keep-alive", str(KEEP_ALIVE_SECONDS), "--logger-class", "portal.weblog.WebLogger",
        ],
        "recognition": [*worker, "-Q", "recognition", "--pool", "solo", "-n", "recognition@%h"],
        "default": [*worker, "-Q", "default", "--pool", "prefork", "--concurrency", "2", "-n", "default@%h"],
        "beat": [*celery, "beat", "--loglevel", "INFO", "--schedule", str(run / "beat-schedule"), "--pidfile="],
    }[name]  # fmt: skip


def application(
    names: tuple[str, ...], *, host: str, port: int, run: Path, log: Path, guard: Guard,
    env: Callable[[str], dict[str, str]],
) -> dict[str, Child]:  # fmt: skip
    """The children for `names`, not started yet. `env` gives the environment of a role."""
    return {
        name: Child(
            name,
            command(name, host=host, port=port, run=run),
            log=log / f"{name}.log",
            guard=guard,
            env=env(ROLE_OF[name]),
        )
        for name in names
    }


def stop_all(children: dict[str, Child]) -> None:
    """Ask all at once, so that the slowest sets the time, then wait for each."""
    for child in reversed(children.values()):
        child.ask_to_stop()
    for child in reversed(children.values()):
        child.stop()


class Keeper:
    """Starts again what ended by itself, ever more slowly, and says so in one sentence.

    What refuses to start is tried again at the longest pause, and its sentence is said once.
    """

    def __init__(
        self, children: dict[str, Child], *, say: Callable[[str], None], longest_pause: float = LONGEST_PAUSE_SECONDS
    ) -> None:
        self._children = children
        self._say = say
        self._longest_pause = longest_pause
        self._crashes: dict[str, int] = dict.fromkeys(children, 0)
        self._due: dict[str, float] = {}
        self._refusals: dict[str, str] = {}

    def look(self, now: float | None = None) -> None:
        """Look once at every child; called a few times a second. `now` in seconds, monotonic."""
        now = time.monotonic() if now is None else now
        for name, child in self._children.items():
            if child.is_running():
                if now - child.started_at > STEADY_SECONDS:
                    self._crashes[name] = 0
                    self._refusals.pop(name, None)
            elif name not in self._due:
                self._report(name, child, now)
            elif now >= self._due[name]:
                del self._due[name]
                child.start()

    def _report(self, name: str, child: Child, now: float) -> None:
        if child.exit_code == REFUSED:
            self._report_refusal(name, child, now)
            return
        self._crashes[name] += 1
        pause = min(2.0 ** (self._crashes[name] - 1), self._longest_pause)
        self._due[name] = now + pause
        if self._crashes[name] >= CRASHES_WORTH_A_WORD:
            self._say(
                f"“{name}” has ended {self._crashes[name]} times in a row; it last said: {child.last_line()[:200]}. "
                f"The reason is in {child.log}; the next try is in {pause:.0f} s."
            )
        else:
            self._say(f"“{name}” ended (code {child.exit_code}) and starts again in {pause:.0f} s; log: {child.log}")

    def _report_refusal(self, name: str, child: Child, now: float) -> None:
        self._due[name] = now + self._longest_pause
        said = (tail(child.log, lines=1) or [""])[-1].strip()[:300]
        if self._refusals.get(name) != said:
            self._refusals[name] = said
            self._say(
                f"“{name}” ended: {said} Everything else works. It is tried again every {self._longest_pause:.0f} s."
            )
