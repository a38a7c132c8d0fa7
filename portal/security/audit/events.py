"""Keeps what happens (tenants/organizations/trail.py) as access events, in the same transaction."""

from collections.abc import Mapping

from portal.security.models import AccessEvent
from tenants.organizations.trail import Happening


def keep(happening: Happening) -> None:
    """Write one down. What cannot be written stops what it speaks of: no read without its trace.

    Raises ValueError for a fact that is neither a code nor a count.
    """
    AccessEvent.objects.create(
        tenant=happening.tenant_id,
        kind=happening.kind,
        actor=happening.actor,
        subject=happening.subject,
        facts=checked(happening.facts),
        at=happening.at,
    )


def checked(facts: Mapping[str, str | int]) -> dict[str, str | int]:
    """Return the facts if they are codes and counts. Raises ValueError."""
    for name, value in facts.items():
        if not isinstance(value, int) and not (isinstance(value, str) and value.isascii() and len(value) <= 100):
            raise ValueError(f"{name} is no code and no count.")
    return dict(facts)
