"""Pure rules of tickets: is somebody still to register with this one?"""

from datetime import datetime

from tenants.people.kinds import RegistrationState


def state_of(
    *, used_at: datetime | None, cancelled_at: datetime | None, expires_at: datetime, now: datetime
) -> RegistrationState:
    """Return what became of a ticket: once used it stays so, whatever its time."""
    if used_at is not None:
        return RegistrationState.USED
    if cancelled_at is not None:
        return RegistrationState.CANCELLED
    return RegistrationState.OPEN if now < expires_at else RegistrationState.EXPIRED
