"""`python -m tests.chaos [--people 100] [--packages 50] [--deaths 12] [--seed N]`: things die, then count.

Everybody enrols; everybody withdraws while packages are built for some; everybody is erased: two erasures a person.
"""

import argparse
import secrets
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from portal.stack.layout import ROOT
from recognition.edge.agent.settings import configure
from tests.chaos import counts, play
from tests.chaos.asking import Asked
from tests.chaos.killing import Chaos
from tests.chaos.stage import Stage, stage
from tests.chaos.traces import nothing_in_clear, of_faces


def main() -> int:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--packages", type=int, default=50, help="for so many of the people")
    parser.add_argument("--deaths", type=int, default=12, help="of each part, in each act")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10_000))
    options = parser.parse_args()
    if not 1 <= options.packages <= options.people:
        parser.error("There is one package at least, and one for each of the people at most.")
    configure(home=ROOT / "var", models=ROOT / "var" / "models")  # for the engine that says what to look for
    print(
        f"chaos: {options.people} people, {2 * options.people} erasures, {options.packages} packages; "
        f"every part dies {options.deaths} times in each act; seed {options.seed}"
    )
    run(people=options.people, packages=options.packages, deaths=options.deaths, seed=options.seed)
    return 0


def run(*, people: int, packages: int, deaths: int, seed: int) -> None:
    """Play it all and print a line for each part. Raises at the first thing that does not hold."""
    started = time.monotonic()

    def say(line: str, chaos: Chaos | None = None) -> None:
        killed = f"; killed {listed(chaos.killed)}" if chaos else ""
        print(f"{line}{killed} … {time.monotonic() - started:.0f} s", flush=True)

    with ThreadPoolExecutor(1) as aside, stage(people=people) as built:
        faces = aside.submit(of_faces)
        say(f"{people} people have agreed")
        chaos = play.enrol_everybody(built, deaths=deaths, seed=seed)
        say("all enrolled, none lost, none doubled", chaos)
        chaos, asked = play.withdraw_and_ask(built, packages=packages, deaths=deaths, seed=seed + 1)
        say(f"{people} faces erased and {packages} packages built, each once", chaos)
        chaos, deletions = play.erase_everybody(built, asked, deaths=deaths, seed=seed + 2)
        say(f"{people} people and their packages erased, each once, with receipts and certificate", chaos)
        say(repeated(built, asked, deletions))
        play.nothing_comes_back(built, asked, deletions)
        say("everything died at once; nothing came back, and the ledger is whole")
        nothing_in_clear(built, faces.result())
        say("nothing of a face and no name in the database, Valkey, logs, temp or on the terminal")


def repeated(stage: Stage, packages: list[Asked], deletions: list[Asked]) -> str:
    letters = counts.told_once(stage, [*packages, *deletions], "answered")
    return f"every message written once; {letters} letters about them left again after their worker had died"


def listed(killed: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}×" for name, number in sorted(killed.items()))


if __name__ == "__main__":
    sys.exit(main())
