"""`python -m tests.chaos [--people 100] [--deaths 12] [--seed N]`: enrol and erase while things die, then count."""

import argparse
import secrets
import sys
import time

from portal.stack.layout import ROOT
from recognition.edge.agent.settings import configure
from tests.chaos.play import enrol_everybody, erase_everybody, nothing_comes_back, stage
from tests.chaos.traces import nothing_in_clear


def main() -> int:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--deaths", type=int, default=12, help="of each part, in each half")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10_000))
    options = parser.parse_args()
    configure(home=ROOT / "var", models=ROOT / "var" / "models")  # for the engine that says what to look for
    print(f"chaos: {options.people} people, every part dies {options.deaths} times in each half, seed {options.seed}")
    run(people=options.people, deaths=options.deaths, seed=options.seed)
    return 0


def run(*, people: int, deaths: int, seed: int) -> None:
    """Play it all and print a line for each part. Raises at the first thing that does not hold."""
    since, started = time.time(), time.monotonic()

    def say(line: str) -> None:
        print(f"{line} … {time.monotonic() - started:.0f} s", flush=True)

    with stage(people=people) as built:
        say(f"{people} people have agreed")
        killed = enrol_everybody(built, deaths=deaths, seed=seed).killed
        say(f"all enrolled, none lost, none doubled; killed {listed(killed)}")
        killed = erase_everybody(built, deaths=deaths, seed=seed + 1).killed
        say(f"all erased, with receipts; killed {listed(killed)}")
        nothing_comes_back(built)
        say("everything died at once; nothing came back")
        nothing_in_clear(built, since=since)
        say("no photo and no template in clear in the database, Valkey, logs, temp or on the terminal")


def listed(killed: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}×" for name, number in sorted(killed.items()))


if __name__ == "__main__":
    sys.exit(main())
