"""One row: a fact that breaks a rule, what follows by itself, and what mending brings back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from tests.tenants.clearance.scene import Scene

Act = Callable[[Scene], Any]

# What is still in use when the rule is broken: the device, the face.
BOTH_STOP, DEVICE_STOPS, FACE_STOPS, NOTHING_STOPS = (False, False), (False, True), (True, False), (True, True)
AFTER_GRACE, AT_ONCE = 30, 0


@dataclass(frozen=True)
class Row:
    """`by` is who changes the fact: a service, with what it sends; a service that leaves it to the next sweep; a day.

    `enrolment` is why a new photo is refused meanwhile, empty when it is not. `erased` says after how many days
    nobody mended it the face goes, and for which reason; None when it stays. `returns` is false where something new
    has to begin: a device switched on, a face enrolled.
    """

    code: str
    article: str
    breaks: Act
    leaves: tuple[bool, bool]
    mends: Act
    enrolment: str = ""
    erased: tuple[int, str] | None = None
    by: Literal["service", "sweep", "day"] = "service"
    begins: Act | None = None
    returns: bool = True
    workers: bool = True

    def __str__(self) -> str:
        return self.code


def then(*acts: Act) -> Act:
    """Do one after the other, each in a transaction of its own."""

    def all_of_them(scene: Scene) -> None:
        for act in acts:
            act(scene)

    return all_of_them
