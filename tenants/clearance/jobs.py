"""What the workers do for the gate. Every job may run twice without harm."""

import logging
import uuid

from django.db.models import Q
from django.utils import timezone

from tenants.clearance import consequences
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context

logger = logging.getLogger(__name__)


def follow_people(*, tenant_id: uuid.UUID) -> None:
    """Judge every face of one property."""
    with tenant_context(tenant_id):
        consequences.follow_people(tenant=Property.objects.select_related("handler").get(pk=tenant_id))


def judge() -> int:
    """Judge every property not judged yet on this Beijing day; return how many.

    Dates pass without anybody acting: a sign grows old, a consent ends, a notice takes effect. One property's
    failure does not keep the next from its turn.
    """
    today = timezone.localdate()
    due = Property.objects.filter(Q(judged_on__isnull=True) | Q(judged_on__lt=today))
    judged = 0
    for tenant in due.select_related("handler").order_by("pk"):
        try:
            with tenant_context(tenant.pk):
                consequences.follow_devices(tenant=tenant)
                consequences.follow_people(tenant=tenant)
                Property.objects.filter(pk=tenant.pk).update(judged_on=today)
            judged += 1
        except Exception:
            logger.exception("The gate could not judge property %s.", tenant.pk)
    return judged
