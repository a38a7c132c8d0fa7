"""Count one property, and keep what it came to."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from tenants.clearance.duties import Status
from tenants.organizations.models import Property
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device
from tenants.premises.rules.silence import QUIET
from tenants.rights.duties import readiness
from tenants.rights.kinds import ComplaintState
from tenants.rights.models import Complaint, PropertyFigures, RightsRequest
from tenants.rights.rules import OPEN_STATES

# Until the last receipt is in, a face is still stored somewhere (Measures Art 15).
STORED = (FaceState.ENROLLED, FaceState.SUSPENDED, FaceState.ERASING)


@transaction.atomic
def count(*, tenant: Property, count_people: Callable[[], int]) -> PropertyFigures:
    """Count a property whose context is entered. Fifteen queries at most, whatever its size.

    `count_people` says how many people of any kind the handler has; it is asked where that decides a duty.
    """
    numbers = {**_people(tenant), **_waiting(tenant), **_devices(tenant)}
    stands = [duty.status for duty in readiness(tenant, count_people=count_people)]
    for status in (Status.MET, Status.DUE, Status.BLOCKING):
        numbers[status.value] = stands.count(status)
    row, _is_new = PropertyFigures.objects.update_or_create(
        tenant=tenant, defaults={**numbers, "counted_at": timezone.now()}
    )
    return row


def _people(tenant: Property) -> dict[str, int]:
    rows = Person.objects.filter(tenant=tenant)
    return rows.aggregate(
        people=Count("pk", filter=Q(erased_at__isnull=True)), faces=Count("pk", filter=Q(face_state__in=STORED))
    )


def _waiting(tenant: Property) -> dict[str, int]:
    """A request that waits for the person's proof is open and never late: its clock stands still."""
    late = Q(due_on__lt=timezone.localdate())
    asked = RightsRequest.objects.filter(tenant=tenant, state__in=OPEN_STATES).aggregate(
        all=Count("pk"), late=Count("pk", filter=late & Q(paused_on__isnull=True))
    )
    complained = Complaint.objects.filter(tenant=tenant, state=ComplaintState.RECEIVED).aggregate(
        all=Count("pk"), late=Count("pk", filter=late)
    )
    return {
        "open_requests": asked["all"] + complained["all"],
        "overdue_requests": asked["late"] + complained["late"],
    }


def _devices(tenant: Property) -> dict[str, int]:
    is_active = Q(state=DeviceState.ACTIVE)
    is_silent = is_active & Q(pairing_used_at__isnull=False, heard__lt=timezone.now() - QUIET)
    rows = Device.objects.filter(tenant=tenant).annotate(heard=Coalesce(F("last_seen_at"), F("pairing_used_at")))
    return rows.aggregate(
        active_devices=Count("pk", filter=is_active),
        suspended_devices=Count("pk", filter=Q(state=DeviceState.SUSPENDED)),
        silent_devices=Count("pk", filter=is_silent),
    )
