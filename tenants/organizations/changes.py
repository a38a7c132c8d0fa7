"""Tell whoever judges that a fact has changed, without knowing who judges.

The gate stands above the rooms whose facts it reads, so it registers itself here at start-up. A service
that changes such a fact says so inside its own transaction: what follows commits with it, or not at all.
"""

from typing import Protocol

from tenants.organizations.models import Property


class Listener(Protocol):
    def __call__(self, *, tenant: Property) -> None:
        """Judge this property again."""


_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Register a listener once."""
    if listener not in _listeners:
        _listeners.append(listener)


def facts_changed(*, tenant: Property) -> None:
    """Say that something the gate looks at has changed in this property. Call it last, in the same transaction."""
    for listener in _listeners:
        listener(tenant=tenant)
