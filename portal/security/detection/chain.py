"""Tells of a log that is not as it was sealed."""

from portal.security.audit.standing import Standing
from tenants.organizations.trail import Happening, Sign, tell


def look(standing: Standing) -> None:
    """Tell of the first entry that is broken, if one is."""
    if standing.fault is not None:
        facts: dict[str, str | int] = {
            "table": standing.table,
            "id": standing.id,
            "fault": standing.fault.value,
            "broken": standing.broken,
        }
        tell(Happening(Sign.CHAIN_BROKEN, "worker:web", None, f"table:{standing.table}", facts, standing.checked_at))
