"""What the clocks of a property mean for what is kept now: what a change would erase today. No row is loaded."""

from collections.abc import Mapping
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from recognition.edge.models import DeviceAlarm
from recognition.matching.models import DoorEvent
from tenants.organizations.models import Property
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.rights.kinds import HoldKind
from tenants.rights.models import RightsRequest
from tenants.rights.retention_rules import Kind
from tenants.rights.services import holds

KEPT = (FaceState.CAPTURED, FaceState.ENROLLED, FaceState.SUSPENDED)


def faces(tenant: Property, *, face_days: int) -> dict[str, int]:
    """Return how many faces are kept, and how many of them this period would erase now. One query."""
    oldest = timezone.localdate() - timedelta(days=face_days)
    return Person.objects.filter(tenant=tenant, face_state__in=KEPT, face_enrolled_on__isnull=False).aggregate(
        kept=Count("pk"), over=Count("pk", filter=Q(face_enrolled_on__lt=oldest))
    )


def would_go(tenant: Property, clocks: Mapping[Kind, int]) -> dict[Kind, int]:
    """Return of each kind how many rows these clocks would erase today; what a legal hold keeps is not counted.

    Six queries at most, whatever the number of rows.
    """
    now, found = timezone.now(), {Kind.FACE: faces(tenant, face_days=clocks[Kind.FACE])["over"]}
    events = DoorEvent.objects.filter(tenant=tenant, at__lt=now - timedelta(days=clocks[Kind.EVENT]))
    texts = RightsRequest.objects.filter(
        tenant=tenant, closed_at__lt=now - timedelta(days=clocks[Kind.REQUEST]), texts_erased_at__isnull=True
    )
    for kind, hold, rows in ((Kind.EVENT, HoldKind.EVENTS, events), (Kind.REQUEST, HoldKind.EVIDENCE, texts)):
        is_all_held, people = holds.held_people(tenant=tenant, kind=hold)
        found[kind] = 0 if is_all_held else (rows.exclude(person__in=people) if people else rows).count()
    alarms = DeviceAlarm.objects.filter(tenant=tenant, last_at__lt=now - timedelta(days=clocks[Kind.ALARM]))
    return found | {Kind.ALARM: alarms.count()}
