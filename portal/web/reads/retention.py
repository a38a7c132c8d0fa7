"""What a retention period means for the faces kept now."""

from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.people.kinds import FaceState
from tenants.people.models import Person

KEPT = (FaceState.CAPTURED, FaceState.ENROLLED, FaceState.SUSPENDED)


def faces(tenant: Property, *, face_days: int) -> dict[str, int]:
    """Return how many faces are kept, and how many of them this period would erase now. One query."""
    oldest = timezone.localdate() - timedelta(days=face_days)
    return Person.objects.filter(tenant=tenant, face_state__in=KEPT, face_enrolled_on__isnull=False).aggregate(
        kept=Count("pk"), over=Count("pk", filter=Q(face_enrolled_on__lt=oldest))
    )
