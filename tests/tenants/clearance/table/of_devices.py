"""What the device itself lacks, and what about it was never assessed: the latter concerns every face (Art 9)."""

from decimal import Decimal
from typing import Any

from tenants.organizations.kinds import StorageMode
from tenants.organizations.services.properties import update_property
from tenants.premises.kinds import DeviceMode, DevicePurpose, ZoneKind
from tests.tenants.clearance.scene import Scene
from tests.tenants.clearance.table.begins import before_a_new_device, with_nothing_else_assessed
from tests.tenants.clearance.table.row import AFTER_GRACE, BOTH_STOP, DEVICE_STOPS, NOTHING_STOPS, Act, Row


def written(**facts: Any) -> Act:
    """A member writes this about the device."""
    return lambda s: s.writes(**facts)


def store(mode: StorageMode) -> Act:
    return lambda s: update_property(tenant=s.tenant, storage_mode=mode)


def a_sign_of_last_year(scene: Scene) -> None:
    """Another device, whose sign was photographed a year ago to the day."""
    before_a_new_device(scene, sign_days_ago=365)
    scene.activates()


# (what is not assessed, what makes it so, what takes it back)
NOT_ASSESSED: list[tuple[str, Act, Act]] = [
    ("purpose", written(purpose=DevicePurpose.VISITOR), written(purpose=DevicePurpose.ACCESS)),
    ("mode", written(mode=DeviceMode.IDENTIFY), written(mode=DeviceMode.VERIFY)),
    ("vendor", written(vendor="另一家"), written(vendor="示例厂商")),
    ("algorithm", written(algorithm_version="9.0"), written(algorithm_version="3.2.1")),
    ("place", lambda s: s.relabels(ZoneKind.CAR_PARK), lambda s: s.relabels(ZoneKind.LOBBY)),
    ("storage", store(StorageMode.ON_DEVICE), store(StorageMode.PORTAL)),
]
# (code, article, what breaks it, what mends it)
STOPPING: list[tuple[str, str, Act, Act]] = [
    ("no_capture_area", "Art 13", written(capture_area=""), written(capture_area="门前")),
    ("no_security_need", "Art 13", written(security_need=" "), written(security_need="防止尾随")),
    (
        "passersby_unprotected",
        "NDSMR 24",
        written(mode=DeviceMode.IDENTIFY, passersby=""),
        written(mode=DeviceMode.VERIFY),
    ),
]
# A recommended standard asks and does not stop.
DUE: list[tuple[str, Act, Act]] = [
    ("untested", written(false_accept_percent=None), written(false_accept_percent=Decimal("0.01"))),
    ("false_accept", written(false_accept_percent=Decimal("0.2")), written(false_accept_percent=Decimal("0.1"))),
    ("false_reject", written(false_reject_percent=Decimal("2.1")), written(false_reject_percent=Decimal(2))),
    ("attack_success", written(attack_success_percent=Decimal("5.1")), written(attack_success_percent=Decimal(5))),
]

ROWS = [
    *[
        Row(
            f"{part}_not_assessed",
            "Art 9",
            begins=with_nothing_else_assessed,
            breaks=breaks,
            leaves=BOTH_STOP,
            enrolment="on_device" if part == "storage" else "assessment_stale",
            erased=(AFTER_GRACE, "not_assessed"),
            mends=mends,
        )
        for part, breaks, mends in NOT_ASSESSED
    ],
    *[
        Row(code, article, breaks=breaks, leaves=DEVICE_STOPS, enrolment="no_cleared_door", mends=mends)
        for code, article, breaks, mends in STOPPING
    ],
    # A photo that was recorded stays: only a new device has none. The other door goes on.
    Row(
        "no_sign",
        "Art 13",
        breaks=lambda s: before_a_new_device(s, sign_days_ago=None),
        leaves=DEVICE_STOPS,
        mends=lambda s: s.photographs(),
        returns=False,
    ),
    Row(
        "sign_old",
        "Art 13",
        by="day",
        begins=a_sign_of_last_year,
        breaks=lambda s: s.clock.passes(days=1),
        leaves=DEVICE_STOPS,
        mends=lambda s: s.photographs(),
    ),
    *[Row(code, "GA/T 1093", breaks=breaks, leaves=NOTHING_STOPS, mends=mends) for code, breaks, mends in DUE],
]
