"""What a journey states of itself, and how a walk through it is held against that."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.browser.scenes import Scene


@dataclass(frozen=True)
class Journey:
    """`people`: who goes, by the names of their walks, with the screens they see and the fields they fill."""

    number: int
    name: str
    people: dict[str, tuple[int, int]]


def arrive(play: Scene, journey: Journey, record_property: Callable[[str, Any], None]) -> None:
    """Hold what was seen against what the journey states, and pass its seconds on to the table at the end."""
    play.clock.stop()
    seen = {who: (len(walk.screens), walk.fields) for who, walk in play.walks.items()}
    assert seen == journey.people, {who: walk.screens for who, walk in play.walks.items()}
    row = {"number": journey.number, "name": journey.name, "language": play.language}
    record_property("journey", row | {"people": seen, "seconds": round(play.clock.taken, 1)})
