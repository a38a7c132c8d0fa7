"""`python -m tests.fuzz`: a real web server, PostgreSQL and Valkey; every operation of the schema, as each caller.

FUZZ_CASES for each caller, from FUZZ_SEED; FUZZ_ROLE for one of them. Exits with 1 at the first wrong answer of any
operation, after all were asked.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any

import schemathesis
from redis import Redis

from portal.stack.failure import StackError
from portal.stack.postgres import Postgres
from portal.stack.roles import SUPERUSER
from portal.stack.run import Stack
from tests.filled import filled_stack

if TYPE_CHECKING:
    from tests.architecture.rows import Rows
    from tests.fuzz.asking import Fuzz

CASES = int(os.environ.get("FUZZ_CASES") or 700)
SEED = int(os.environ.get("FUZZ_SEED") or 1)
ROLE = os.environ.get("FUZZ_ROLE") or ""
OUTER = {"CONSENTRY_SETTINGS": "tests.fuzz.settings"}
# Who sees nothing of a property cannot show that the scan looks.
STRANGERS = {"anonymous", "platform"}
SHOWN_OF_LOG = 200


def main() -> int:
    try:
        with filled_stack(OUTER) as stack:
            return fuzz(stack)
    except StackError as failed:
        print(f"fuzz: FAILED: {failed}")
        return 1


def fuzz(stack: Stack) -> int:
    """Fill, mark, ask as each caller, and print a line for each."""
    from tests.fuzz import canaries, world  # once Django is set up

    [server] = [server for server in stack._servers if isinstance(server, Postgres)]
    superuser = server.url(SUPERUSER)
    schema = schemathesis.openapi.from_url(f"{stack.url}/api/v1/schema/?format=json")
    schema.config.generation.update(modes=list(schemathesis.GenerationMode), with_security_parameters=False)
    operations: list[Any] = [result.ok() for result in schema.get_all_operations()]  # type: ignore[union-attr]
    foreign = world.fill("foreign")
    marked, refused = canaries.mark(superuser, foreign.tenant.pk, canaries.FOREIGN)
    print(
        f"fuzz: {len(operations)} operations; the foreign canary stands in {marked} columns; {len(refused)} take no "
        f"such word: {', '.join(refused)}",
        flush=True,
    )
    total = faults = 0
    for name in [name for name in world.CALLERS if ROLE in {"", name}]:
        run, wrong = ask_as(name, stack=stack, superuser=superuser, foreign=foreign, operations=operations)
        total, faults = total + run.cases, faults + len(wrong)
        for fault in wrong:
            print(f"fuzz: FAILED as {name}: {fault}", flush=True)
    if faults:
        tell_log(stack)
    print(f"fuzz: {total} cases, {faults} wrong")
    return 1 if faults else 0


def ask_as(name: str, *, stack: Stack, superuser: str, foreign: Rows, operations: list[Any]) -> tuple[Fuzz, list[str]]:
    """One caller, at a new property; returns the run and what was wrong."""
    from tests.fuzz import canaries, world
    from tests.fuzz.asking import Fuzz

    since = time.monotonic()
    ours = world.fill(name)
    caller = world.caller(name, stack.url, ours)
    canaries.mark(superuser, ours.tenant.pk, canaries.OWN, only=canaries.NAMES)
    ids = canaries.ids(superuser)
    own = ids.pop(ours.tenant.pk)
    scan = canaries.Scan(foreign=set().union(*ids.values()), own=own)
    forget = Redis.from_url(stack.services.cache).flushdb
    run = Fuzz(caller, url=stack.url, ours=ours, foreign=foreign, scan=scan, forget=forget)
    run.run(operations, cases=CASES, first_seed=SEED)
    statuses = ", ".join(f"{status} × {number}" for status, number in sorted(run.statuses.items()))
    print(
        f"fuzz: {name:<16} {run.cases:5d} cases in {time.monotonic() - since:4.0f} s: {statuses}; "
        f"own canaries in {scan.own_seen} answers",
        flush=True,
    )
    wrong = [f"{label}: {what}" for label, what in run.wrong.items()]
    if not scan.own_seen and name not in STRANGERS:
        wrong.append("the scan saw nothing of the own property, so it proves nothing")
    return run, wrong


def tell_log(stack: Stack) -> None:
    """What the web server said of its own faults; the log is gone with the scratch folder."""
    lines = (stack.layout.log / "web.log").read_text(errors="replace").splitlines()
    print("\n".join([line for line in lines if " WARNING " not in line][-SHOWN_OF_LOG:]))


if __name__ == "__main__":
    sys.exit(main())
