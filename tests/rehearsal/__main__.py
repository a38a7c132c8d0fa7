"""`python -m tests.rehearsal`: play every step, print one line each, and stop at the first failure."""

import os
import sys
import time
from pathlib import Path

from portal.stack.failure import StackError
from portal.stack.run import Stack
from tests.rehearsal.play import Play
from tests.rehearsal.steps import STEPS
from tests.rehearsal.visitors import Surprise

PASSWORD = "rehearsal-only-7f3a-9c1e"


def main() -> int:
    """Return the exit status: 0 when every step went as written."""
    start = time.monotonic()
    # The sweeps run every few seconds here, so that the play does not wait for a minute.
    outer = {"DEMO_PASSWORD": PASSWORD, "SWEEP_SECONDS": "3"}
    os.environ.pop("DATABASE_URL", None)
    try:
        with Stack(outer=outer) as stack:
            print(f"the stack is up … {time.monotonic() - start:.1f} s", flush=True)
            return play(stack)
    except StackError as failed:
        print(f"rehearsal: the stack did not come up: {failed}", file=sys.stderr)
        return 1


def play(stack: Stack) -> int:
    cast = Play(url=stack.url, password=PASSWORD)
    cast.things |= {"database": stack.env("owner")["DATABASE_URL_OWNER"], "outbox": stack.layout.outbox}
    done = 0
    try:
        for step in STEPS:
            since = time.monotonic()
            try:
                step(cast)
            except (Surprise, AssertionError, LookupError) as wrong:
                print(f"FAILED {step.__doc__}: {wrong}", flush=True)
                print(f"rehearsal: {done} steps, 1 failed", flush=True)
                for name in ("web", "recognition", "default"):
                    tail(stack.processes[name].log)
                return 1
            done += 1
            print(f"{done:2d}. {step.__doc__} … {time.monotonic() - since:.2f} s", flush=True)
    finally:
        cast.close()
    print(f"rehearsal: {done} steps, 0 failed", flush=True)
    return 0


def tail(log: Path, lines: int = 15) -> None:
    """Show the end of a log, which is gone with the scratch stack."""
    if log.exists():
        print(f"--- {log.name}", *log.read_text(errors="replace").splitlines()[-lines:], sep="\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
