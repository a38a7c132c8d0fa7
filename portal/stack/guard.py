"""Clean up after a stack that died without a chance to (kill -9, a crash, a lost terminal).

Runs as a script of its own: `python guard.py` reads lines from its standard input, which is a pipe
that closes when the stack's process is gone, however it went. Whatever is still on the list then is
stopped, in the order of the list's end to its beginning, and scratch folders are removed.
"""

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterable

PATIENCE_SECONDS = 10.0


def read_orders(lines: Iterable[str]) -> tuple[dict[int, int], list[str]]:
    """Follow `watch PID SIGNAL`, `forget PID`, `remove DIR`, `keep DIR` to the end of the pipe."""
    groups: dict[int, int] = {}
    folders: list[str] = []
    for line in lines:
        verb, _, rest = line.rstrip("\n").partition(" ")
        if verb == "watch":
            pid, number = rest.split()
            groups[int(pid)] = int(number)
        elif verb == "forget":
            groups.pop(int(rest), None)
        elif verb == "remove":
            folders.append(rest)
        elif verb == "keep" and rest in folders:
            folders.remove(rest)
    return groups, folders


def send(pid: int, number: int) -> bool:
    """Signal a process group; False when it is gone."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def is_alive(pid: int) -> bool:
    """Whether a group still works; a leader that only waits to be reaped does not."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()[0] != b"Z"
    except OSError:
        return send(pid, 0)


def stop(groups: dict[int, int]) -> None:
    """Ask each group in turn, the youngest first, then end what did not listen."""
    for pid, number in reversed(groups.items()):
        if not send(pid, number):
            continue
        patience = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < patience and is_alive(pid):
            time.sleep(0.05)
        send(pid, signal.SIGKILL)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups, folders = read_orders(sys.stdin)
    stop(groups)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
