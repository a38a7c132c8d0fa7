"""Forbidden places, other ways through a door, and the life of a device."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.premises.kinds import DeviceState, MethodKind, ZoneKind
from tenants.premises.rules import has_alternative, is_private, may_become

# Measures Art 13 and Video Regulation Art 8, word by word.
FORBIDDEN = {
    "hotel_room", "private_dining_room", "bath", "toilet", "changing_room", "nursing_room", "fitting_room",
    "dormitory_room", "treatment_room",
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(FORBIDDEN))
def test_a_place_that_the_law_names_is_private(kind: str) -> None:
    assert is_private(kind)


def test_nothing_else_is_private() -> None:
    assert {kind.value for kind in ZoneKind if is_private(kind)} == FORBIDDEN


@given(kind=st.text(max_size=30))
def test_an_unknown_place_counts_as_private(kind: str) -> None:
    assert kind in ZoneKind.values or is_private(kind)


@given(methods=st.lists(st.sampled_from(MethodKind) | st.text(max_size=8)))
def test_a_face_or_an_unknown_method_is_never_the_other_way(methods: list[str]) -> None:
    others = {"card", "pin", "qr", "desk"} & {str(method) for method in methods}
    assert has_alternative(methods) == bool(others)


def test_a_retired_device_never_comes_back() -> None:
    assert not any(may_become(DeviceState.RETIRED, target) for target in DeviceState)


@given(state=st.text(max_size=12), target=st.sampled_from(DeviceState))
def test_an_unknown_state_may_become_nothing(state: str, target: DeviceState) -> None:
    assert state in DeviceState.values or not may_become(state, target)


def test_a_device_is_switched_on_only_from_registered_or_suspended() -> None:
    sources = {state for state in DeviceState if may_become(state, DeviceState.ACTIVE)}
    assert sources == {DeviceState.REGISTERED, DeviceState.SUSPENDED}
