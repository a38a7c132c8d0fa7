"""One running portal in which every trigger was pulled; its workers and sweeps do the rest while the tests look."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from portal.stack.run import Stack
from tests.rehearsal import play
from tests.triggers.catalogue import ENDED, GARDEN, GRACE_OVER, HOUSES, TRIGGERS, Trigger
from tests.triggers.houses import PASSWORD, Resident, Town


@dataclass
class Ended:
    """Everybody whose face ends, by the trigger's name, and the stack on which it does."""

    stack: Stack
    people: dict[str, Resident]


@pytest.fixture(scope="module")
def ended() -> Iterator[Ended]:
    with Stack(outer={"DEMO_PASSWORD": PASSWORD, "SWEEP_SECONDS": "2"}) as stack:
        town = Town(stack)
        try:
            town.open(HOUSES, with_children=GARDEN, of_its_own_handler=ENDED)
            yield Ended(stack, pull_all(town))
        finally:
            town.close()


def pull_all(town: Town) -> dict[str, Resident]:
    """Enrol everybody, pull every trigger, let a night pass, and let the grace pass for those who have one."""
    people = {trigger.name: trigger.who(town) for trigger in TRIGGERS}
    wait_for_faces(people, "enrolled", lambda trigger: trigger.has_face)
    for trigger in TRIGGERS:
        trigger.pull(people[trigger.name])
    for house in town.houses.values():
        house.time_passes("organizations_property", "judged_on", days=1, of="slug", rows=[house.slug])
    wait_for_faces(people, "suspended", lambda trigger: trigger.has_grace)
    for trigger in TRIGGERS:
        if trigger.has_grace:
            people[trigger.name].time_passes("clearance_clearance", "answered_at", days=GRACE_OVER)
    return people


def wait_for_faces(people: dict[str, Resident], state: str, concerns: Callable[[Trigger], bool]) -> None:
    waiting = {people[trigger.name].id: people[trigger.name] for trigger in TRIGGERS if concerns(trigger)}
    until = time.monotonic() + play.PATIENCE
    while waiting:
        for house in {person.house.slug: person.house for person in waiting.values()}.values():
            for row in house.site("GET", "people/?page_size=200")["results"]:
                if row["face_state"] == state:
                    waiting.pop(row["id"], None)
        names = sorted(trigger.name for trigger in TRIGGERS if people[trigger.name].id in waiting)
        assert time.monotonic() < until, f"not {state} after {play.PATIENCE:.0f} s: {names}"
        time.sleep(0.2)
