"""Child processes: each in a process group of its own, each with a log file, none left behind."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from portal.stack.failure import StackError
from portal.stack.layout import ROOT

ERROR = re.compile(r"(\w+\.)*\w*(Error|Exception)\b")
LOG_LIMIT_BYTES = 10 * 1024 * 1024


class Guard:
    """The other end of guard.py: tells it what to clean up if this process dies."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def tell(self, order: str) -> None:
        """Add one order to the list; the first one starts the guard."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-S", "-E", str(Path(__file__).with_name("guard.py"))],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                text=True,
                start_new_session=True,
                cwd="/",
            )
        with suppress(BrokenPipeError):
            print(order, file=self._process.stdin, flush=True)

    def close(self) -> None:
        """Let the guard go; with an empty list it has nothing to do."""
        if self._process is not None and self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
            self._process.wait()
            self._process = None


class Child:
    """One program of the stack. `start` and `stop` may be called again and again."""

    def __init__(
        self,
        name: str,
        argv: list[str],
        *,
        log: Path,
        guard: Guard,
        env: dict[str, str],
        cwd: Path = ROOT,
        stop_signal: signal.Signals = signal.SIGTERM,
        run_as: int | None = None,
        patience: float = 15.0,
    ) -> None:
        self.name = name
        self.argv = argv
        self.log = log
        self._guard = guard
        self._env = env
        self._cwd = cwd
        self._stop_signal = stop_signal
        self._run_as = run_as
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0

    def start(self) -> None:
        """Start the program unless it runs.

        Its own session keeps the terminal's Ctrl-C from it: the stack stops its parts in order.
        """
        if self.is_running():
            return
        self._forget()
        with open_log(self.log) as output:
            self._process = subprocess.Popen(
                self.argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self._env,
                cwd=self._cwd,
                start_new_session=True,
                user=self._run_as,
                group=self._run_as,
                extra_groups=[] if self._run_as is not None else None,
            )
        self.started_at = time.monotonic()
        self._guard.tell(f"watch {self._process.pid} {int(self._stop_signal)}")

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def exit_code(self) -> int | None:
        """What the program ended with, or None while it runs or was never started."""
        return self._process.poll() if self._process else None

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def ask_to_stop(self) -> None:
        self._signal(self._stop_signal)

    def stop(self) -> None:
        """Ask, wait, and in the end insist. Nothing of its group is alive afterwards."""
        if self._process is None:
            return
        if self.is_running():
            self.ask_to_stop()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(self._patience)
        self._signal(signal.SIGKILL)  # also ends members of the group that outlived its leader
        self._process.wait()
        self._forget()

    def wait(self) -> int:
        """Wait for a program that ends by itself, and give its exit code."""
        if self._process is None:
            raise RuntimeError(f"{self.name} was not started")
        code = self._process.wait()
        self._forget()
        return code

    def last_line(self) -> str:
        """The last thing it said, for the sentence that reports its end."""
        lines = [line.strip() for line in tail(self.log, lines=40) if line.strip()]
        errors = [line for line in lines if ERROR.match(line)]  # a traceback may end with a caret
        return (errors or lines or [""])[-1]

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            try:
                os.killpg(self._process.pid, number)
            except (ProcessLookupError, PermissionError):
                return

    def _forget(self) -> None:
        if self._process is not None:
            self._guard.tell(f"forget {self._process.pid}")
            self._process = None


def open_log(path: Path) -> IO[bytes]:
    """Open a log for appending; one older generation is kept once it is large."""
    if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
        path.replace(path.with_suffix(".log.1"))
    try:
        return path.open("ab")
    except OSError as error:
        raise StackError(
            f"The log file {path} cannot be written: {error.strerror}.",
            "Free space or repair the folder's permissions, then start again.",
        ) from error


def tail(path: Path, *, lines: int) -> list[str]:
    """The last lines of a log, without reading all of it."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 16_384))
        return file.read().decode(errors="replace").splitlines()[-lines:]
