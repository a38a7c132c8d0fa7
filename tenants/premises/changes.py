"""Tell whoever gives terminals their work that a device has moved along its life, without knowing who does."""

from typing import Protocol

from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device


class Listener(Protocol):
    def __call__(self, *, device: Device, before: DeviceState, after: DeviceState) -> None:
        """Follow this device."""


_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Register a listener once."""
    if listener not in _listeners:
        _listeners.append(listener)


def device_moved(*, device: Device, before: DeviceState, after: DeviceState) -> None:
    """Say that a locked device has another state now. Called by the one writer of it, last, in its transaction."""
    for listener in _listeners:
        listener(device=device, before=before, after=after)
