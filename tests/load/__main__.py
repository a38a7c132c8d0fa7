"""`python -m tests.load`: the residents alone, the same residents beside a flood, and the two compared.

Exits with 1 when the flood makes the residents' p95 twice as long or longer, when one of them is refused, or when the
flood is not.
"""

import argparse
import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence

from portal.settings.web import FLOOD_PACES
from portal.stack.failure import StackError
from tests.filled import committed, filled_stack
from tests.load.flooding import CONNECTIONS
from tests.load.residents import PAUSE, Crowd, Heard

BOUND, TURNS = 2.0, 2
FLOODER, COMPOUND = "203.0.113.66", "198.51.100.1"
# As docs/operations.md has it behind a proxy; the proxy is played, and ends TLS.
PRODUCTION = {
    "CONSENTRY_SETTINGS": "portal.settings.base",
    "ALLOWED_HOSTS": "127.0.0.1",
    "BEHIND_TLS_PROXY": "true",
    "TRUSTED_PROXIES": "127.0.0.1",
    "SECURE_SSL_REDIRECT": "false",
}
REFUSED = "429"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make load", description=__doc__)
    parser.add_argument("--residents", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0, help="measured alone, and as long beside the flood")
    parser.add_argument("--flood", type=float, default=500.0, help="requests a second of the one address")
    options = parser.parse_args()
    try:
        with filled_stack(PRODUCTION) as stack:
            residents, public = settle(options.residents)
            quiet, flooded, flood = asyncio.run(
                play(stack.port, residents, public, seconds=options.seconds, a_second=options.flood)
            )
    except StackError as failed:
        print(f"load: FAILED: {failed}")
        return 1
    return judge(quiet, flooded, flood, seconds=options.seconds)


def settle(number: int) -> tuple[list[tuple[str, list[str]]], list[str]]:
    """A property with a notice and so many people; each one's address and pages, and the pages that anybody may read.

    Every second person stands behind the compound's one address, as at home; the others come by telephone.
    """
    from tests import factories  # once Django is set up

    with committed():
        tenant = factories.make_property(slug="load")
        factories.make_active_device(tenant)
        public = [f"/p/{tenant.slug}/notice/", f"/p/{tenant.slug}/request/"]
        residents = []
        for count in range(number):
            me = f"/p/{tenant.slug}/me/{factories.make_link(tenant, factories.make_person(tenant))}/"
            address = COMPOUND if count % 2 else f"192.0.2.{count // 2 % 250 + 1}"
            residents.append((address, [*public, me, f"{me}consent/recognition/"]))
    return residents, public


async def play(
    port: int, residents: Sequence[tuple[str, Sequence[str]]], public: Sequence[str], *, seconds: float, a_second: float
) -> tuple[Heard, Heard, dict[str, int]]:
    """Measure alone and beside the flood, in turns, so that other work on the machine falls on both."""
    crowd = Crowd(port, residents)
    reading = [asyncio.create_task(crowd.read(number)) for number in range(len(residents))]
    quiet, flooded = Heard(), Heard()
    print(
        f"load: {len(residents)} residents, one page every {PAUSE[0]:.0f} to {PAUSE[1]:.0f} s, half of them behind one "
        f"address; load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores",
        flush=True,
    )
    flood: Counter[str] = Counter()
    for _turn in range(TURNS):
        crowd.phase = None
        await asyncio.sleep(PAUSE[1])
        crowd.phase = quiet
        await asyncio.sleep(seconds / TURNS)
        crowd.phase = flooded
        arguments = [str(port), FLOODER, str(seconds / TURNS), str(a_second), *public]
        flooder = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.load.flooding", *arguments, stdout=asyncio.subprocess.PIPE
        )
        said, _nothing = await flooder.communicate()
        flood.update(json.loads(said))
    crowd.phase, crowd.over = None, True
    await asyncio.gather(*reading)
    return quiet, flooded, dict(flood)


def judge(quiet: Heard, flooded: Heard, flood: dict[str, int], *, seconds: float) -> int:
    """Print what was measured and say whether it holds."""
    told = flood.pop("with Retry-After", 0)
    asked, refused = sum(flood.values()), flood.get(REFUSED, 0)
    ratio = flooded.at(0.95) / quiet.at(0.95)
    rate, burst = FLOOD_PACES["pages"]
    print(quiet.line("residents alone"))
    print(flooded.line("beside the flood"))
    print(
        f"flood: {asked} requests by {CONNECTIONS} connections, {asked / seconds:.0f} a second: {flood}; "
        f"load average {os.getloadavg()[0]:.1f}"
    )
    print(f"load: p95 {ratio:.2f} times as long beside the flood (bound {BOUND})")
    faults = [
        fault
        for fault, is_so in (
            (f"p95 is {ratio:.2f} times as long", ratio >= BOUND),
            (f"residents were answered {dict(quiet.statuses + flooded.statuses)}", _others(quiet, flooded)),
            (f"the flood was answered {flood}", set(flood) - {"200", REFUSED}),
            (
                f"{asked - refused} requests of the flood passed",
                asked - refused > TURNS * (burst + 2 * rate) + rate * seconds,
            ),
            (f"{refused - told} refusals did not say when to come back", told != refused or not refused),
        )
        if is_so
    ]
    for fault in faults:
        print(f"load: FAILED: {fault}")
    return 1 if faults else 0


def _others(*phases: Heard) -> bool:
    return any(set(phase.statuses) != {200} for phase in phases)


if __name__ == "__main__":
    sys.exit(main())
