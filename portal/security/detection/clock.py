"""Whether the clock of this machine jumped: what it shows is compared with how long the machine has been running.

Deadlines, leases of terminals and the times of the log all believe this clock.
"""

import json
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from portal.security.detection.counting import PREFIX, connection
from tenants.organizations.trail import Happening, Sign, tell

# A time service corrects less than this; a leap second is one.
TOLERATED_SECONDS = 60.0
_KEY = f"{PREFIX}:clock"


@dataclass(frozen=True)
class Reading:
    """What the clock shows (`wall`, seconds since 1970), and how long the machine has been up (`up`, seconds)."""

    wall: float
    up: float


def read() -> Reading:
    return Reading(wall=time.time(), up=time.clock_gettime(time.CLOCK_BOOTTIME))


def jump(before: Reading, now: Reading) -> float:
    """Return by how many seconds the clock went ahead (or, below zero, back) beside the time that passed.

    0.0 after a restart of the machine: then nothing can be said.
    """
    if now.up < before.up:
        return 0.0
    return (now.wall - before.wall) - (now.up - before.up)


def look(now: Reading | None = None) -> None:
    """Compare with the last look, and tell of a jump. Raises RedisError."""
    now = now or read()
    stored = connection().getset(_KEY, json.dumps(asdict(now)))
    if stored is None:
        return
    seconds = jump(Reading(**json.loads(stored)), now)  # type: ignore[arg-type]  # not the awaitable of another client
    if abs(seconds) > TOLERATED_SECONDS:
        facts = {"seconds": round(seconds)}
        tell(Happening(Sign.CLOCK_JUMPED, "worker:web", None, "clock", facts, datetime.fromtimestamp(now.wall, tz=UTC)))
