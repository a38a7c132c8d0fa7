"""Tell whoever keeps orders for terminals that a terminal has other keys now, without knowing who does.

Called inside the transaction that made the keys: what follows commits with them, or not at all.
"""

from typing import Protocol

from recognition.edge.models import DeviceKey
from tenants.premises.models import Device


class Listener(Protocol):
    def __call__(self, *, device: Device, key: DeviceKey) -> None:
        """Follow a terminal to its new key."""


_on_pairing: list[Listener] = []
_on_rotation: list[Listener] = []


def listen_paired(listener: Listener) -> None:
    """Register a listener once, for terminals that begin anew: what one held before is not known any more."""
    if listener not in _on_pairing:
        _on_pairing.append(listener)


def listen_rotated(listener: Listener) -> None:
    """Register a listener once, for terminals that go on with new keys: what was sealed to the old one is of no use."""
    if listener not in _on_rotation:
        _on_rotation.append(listener)


def paired(*, device: Device, key: DeviceKey) -> None:
    for listener in _on_pairing:
        listener(device=device, key=key)


def rotated(*, device: Device, key: DeviceKey) -> None:
    for listener in _on_rotation:
        listener(device=device, key=key)
