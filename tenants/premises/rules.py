"""Pure rules about places and devices: no database, no clock."""

from collections.abc import Iterable

from tenants.premises.kinds import PRIVATE_KINDS, DeviceState, MethodKind, ZoneKind


def is_private(kind: str) -> bool:
    """Say whether no device may be here (Measures Art 13). An unknown kind counts as private."""
    return kind not in ZoneKind.values or ZoneKind(kind) in PRIVATE_KINDS


def has_alternative(live_methods: Iterable[str]) -> bool:
    """Say whether a door can be passed without a face (Measures Art 10)."""
    return any(method in MethodKind.values and method != MethodKind.FACE for method in live_methods)


# A retired device never comes back: a new registration gives it a new credential.
TRANSITIONS: dict[DeviceState, frozenset[DeviceState]] = {
    DeviceState.REGISTERED: frozenset({DeviceState.ACTIVE, DeviceState.RETIRED}),
    DeviceState.ACTIVE: frozenset({DeviceState.SUSPENDED, DeviceState.RETIRED}),
    DeviceState.SUSPENDED: frozenset({DeviceState.ACTIVE, DeviceState.RETIRED}),
    DeviceState.RETIRED: frozenset(),
}


def may_become(state: str, target: DeviceState) -> bool:
    return state in DeviceState.values and target in TRANSITIONS[DeviceState(state)]
