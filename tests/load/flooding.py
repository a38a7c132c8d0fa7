"""One address that asks as a script does: without a pause, whatever it is told. A process of its own.

    python -m tests.load.flooding PORT ADDRESS SECONDS A_SECOND PATH...

Prints one line of JSON: how many of each status, and how many refusals said when to come back.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from itertools import cycle

from tests.load.wire import Wire

CONNECTIONS = 20


async def flood(port: int, address: str, seconds: float, a_second: float, paths: list[str]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    began = time.monotonic()
    numbers = iter(range(int(seconds * a_second)))

    async def ask(wire: Wire, path: str) -> None:
        answer = await wire.get(path)
        counted[str(answer.status)] += 1
        counted["with Retry-After"] += "retry-after" in answer.headers

    async def hammer(wire: Wire) -> None:
        turns = cycle(paths)
        for number in numbers:
            if (behind := time.monotonic() - began) > seconds:
                break
            await asyncio.sleep(max(0.0, number / a_second - behind))
            await ask(wire, next(turns))
        wire.close()

    await asyncio.gather(*[hammer(Wire("127.0.0.1", port, address)) for _connection in range(CONNECTIONS)])
    return dict(counted)


if __name__ == "__main__":
    port, address, seconds, a_second, *paths = sys.argv[1:]
    print(json.dumps(asyncio.run(flood(int(port), address, float(seconds), float(a_second), paths))))
