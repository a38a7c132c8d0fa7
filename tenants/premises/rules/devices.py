"""The life of a device, and whether its test report meets the limits."""

import re
from decimal import Decimal

from tenants.premises.kinds import DeviceMode, DeviceState

# A retired device never comes back: a new registration gives it a new pairing code. A suspended one may be so for
# another reason: what the gate stopped, a member may want to keep off.
TRANSITIONS: dict[DeviceState, frozenset[DeviceState]] = {
    DeviceState.REGISTERED: frozenset({DeviceState.ACTIVE, DeviceState.RETIRED}),
    DeviceState.ACTIVE: frozenset({DeviceState.SUSPENDED, DeviceState.RETIRED}),
    DeviceState.SUSPENDED: frozenset({DeviceState.ACTIVE, DeviceState.SUSPENDED, DeviceState.RETIRED}),
    DeviceState.RETIRED: frozenset(),
}

# GA/T 1093-2023 ch. 6, as quoted in regulation.md §3; percent of tries.
FALSE_ACCEPT_LIMITS = {DeviceMode.IDENTIFY: Decimal("1"), DeviceMode.VERIFY: Decimal("0.1")}
FALSE_REJECT_LIMITS = {DeviceMode.IDENTIFY: Decimal("5"), DeviceMode.VERIFY: Decimal("2")}
ATTACK_LIMIT = Decimal("5")


def may_become(state: str, target: DeviceState) -> bool:
    return state in DeviceState.values and target in TRANSITIONS[DeviceState(state)]


def test_faults(
    mode: str, false_accept: Decimal | None, false_reject: Decimal | None, attack_success: Decimal | None
) -> tuple[str, ...]:
    """Return what is wrong with a test report: `untested`, `false_accept`, `false_reject`, `attack_success`.

    Values are percent. An unknown mode is held to the stricter limits.
    """
    known = DeviceMode(mode) if mode in DeviceMode.values else DeviceMode.VERIFY
    measured = {
        "false_accept": (false_accept, FALSE_ACCEPT_LIMITS[known]),
        "false_reject": (false_reject, FALSE_REJECT_LIMITS[known]),
        "attack_success": (attack_success, ATTACK_LIMIT),
    }
    faults = ["untested"] if any(value is None for value, _limit in measured.values()) else []
    return (*faults, *(code for code, (value, limit) in measured.items() if value is not None and value > limit))


# Its name is not that of a test: pytest would take it for one where it is imported.
test_faults.__test__ = False  # type: ignore[attr-defined]  # functions carry attributes


def algorithm_generation(name: str, version: str) -> str:
    """Return what an assessment speaks of: “ArcFace 3” for ArcFace 3.2.1. A new generation needs a new one (Art 9)."""
    first = re.match(r"[vV]?(\w+)", version.strip())
    return " ".join(part for part in (name.strip(), first.group(1) if first and name.strip() else "") if part)
