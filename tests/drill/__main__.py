"""`python -m tests.drill [--people 50]`: play every step, print a line for each, and stop at the first failure."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from portal.stack.failure import StackError
from tests.drill.play import FAILURES, STEPS, Drill, bring_back, drill, forget_and_start


def main() -> int:
    parser = argparse.ArgumentParser(prog="make restore-drill", description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    options = parser.parse_args()
    print(f"restore drill: {options.people} people are erased, one is not", flush=True)
    try:
        knocks = run(people=options.people, say=lambda line: print(line, flush=True))
    except (*FAILURES, StackError) as failed:
        print(f"restore drill: FAILED: {failed}", flush=True)
        return 1
    print(knocks, flush=True)
    return 0


def run(*, people: int, say: Callable[[str], None]) -> str:
    """Play it all; raise at the first thing that does not hold. Returns what was knocked and answered."""
    with (
        tempfile.TemporaryDirectory(prefix="consentry-drill-") as folder,
        drill(people=people, folder=Path(folder)) as it,
    ):
        for count, step in enumerate(STEPS, start=1):
            since = time.monotonic()
            try:
                step(it)
            except BaseException:
                say(f"FAILED {step.__doc__}")
                tell_logs(it, say)
                raise
            say(f"{count:2d}. {step.__doc__} … {time.monotonic() - since:.1f} s")
            for line in it.said:
                if "ledger" in line.lower() and step in {bring_back, forget_and_start}:
                    say(f"      {line}")
        knocker = it.knocker
        return (
            f"restore drill: {knocker.answered} knocks for erased people answered, {len(knocker.came_in)} let in "
            f"({', '.join(f'{rule} {number}×' for rule, number in sorted(knocker.rules.items()))}); {knocker.silent} "
            f"without an answer; the one who stayed came in {knocker.kept_came_in}×"
        )


def tell_logs(it: Drill, say: Callable[[str], None]) -> None:
    """Show the ends of the logs, which are gone with the scratch folder."""
    for name in ("web", "recognition", "default"):
        log = it.folder / "var" / "log" / f"{name}.log"
        if log.exists():
            say("\n".join([f"--- {name}", *log.read_text(errors="replace").splitlines()[-12:]]))


if __name__ == "__main__":
    sys.exit(main())
