"""What the place and the door lack: the devices at it stop, and nobody is enrolled for no door."""

from datetime import time
from decimal import Decimal

from tenants.premises.kinds import MethodKind, ZoneKind
from tests.tenants.clearance.table.row import DEVICE_STOPS, NOTHING_STOPS, Act, Row


def card(**terms: object) -> Act:
    """The card at the door asks for this."""
    return lambda s: s.ways(face={}, card=terms)


def broken(kind: MethodKind) -> Act:
    return lambda s: s.reports(kind, is_live=False)


def repaired(kind: MethodKind) -> Act:
    return lambda s: s.reports(kind, is_live=True)


# (code, article, what breaks it, what mends it): each of them stops the device and leaves the face.
STOPPING: list[tuple[str, str, Act, Act]] = [
    (
        "private_place",
        "Art 13",
        lambda s: s.relabels(ZoneKind.CHANGING_ROOM),
        lambda s: s.relabels(ZoneKind.LOBBY),
    ),
    ("face_only", "Art 10", broken(MethodKind.CARD), repaired(MethodKind.CARD)),
    ("other_way_costs", "Art 10", card(fee=Decimal(5)), card(fee=Decimal(0))),
    (
        "other_way_hours",
        "Art 10",
        card(opens_at=time(8), closes_at=time(20)),
        card(opens_at=None, closes_at=None),
    ),
    ("other_way_papers", "Art 10", card(extra_papers=True), card(extra_papers=False)),
    ("other_way_elsewhere", "Art 10", card(distance_m=120), card(distance_m=0)),
    ("face_not_a_method", "Art 5", lambda s: s.ways(card={}), lambda s: s.ways(face={}, card={})),
    ("face_out_of_order", "Art 5", broken(MethodKind.FACE), repaired(MethodKind.FACE)),
]

ROWS = [
    Row(code, article, breaks=breaks, leaves=DEVICE_STOPS, enrolment="no_cleared_door", mends=mends)
    for code, article, breaks, mends in STOPPING
] + [
    Row("other_way_steps", "Art 10", breaks=card(steps=4), leaves=NOTHING_STOPS, mends=card(steps=1)),
]
