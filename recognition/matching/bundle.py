"""What an evidence bundle says about matches: when, at which door, and by which rule. No score and no picture."""

from recognition.matching.models import DoorEvent
from tenants.people.models import Person
from tenants.premises.kinds import MethodKind
from tenants.rights.bundle_sources import Match


def matches(person: Person) -> list[Match]:
    """Return the answers to this person's face that the property's clock for door events has not deleted. One query."""
    rows = DoorEvent.objects.filter(person=person, method=MethodKind.FACE).select_related("device__access_point")
    return [
        Match(
            at=row.at,
            door=row.device.access_point_id,
            door_name=row.device.access_point.name,
            device=row.device_id,
            mode=row.mode,
            is_allowed=row.is_allowed,
            rule=row.rule,
        )
        for row in rows.order_by("at")
    ]
