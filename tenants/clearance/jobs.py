"""What the workers do for the gate. Every job may run twice without harm."""

import logging
import uuid

from django.db.models import F, Q
from django.utils import timezone

from tenants.clearance import consequences
from tenants.organizations.changes import hold_facts
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context

logger = logging.getLogger(__name__)


def judge_property(*, tenant_id: uuid.UUID) -> None:
    """Judge every device and every face of one property, and write down which facts were judged.

    The number is read first: a fact that changes meanwhile leaves the property to the next sweep.
    """
    today = timezone.localdate()
    with tenant_context(tenant_id):
        tenant = Property.objects.select_related("handler").get(pk=tenant_id)
        hold_facts(tenant=tenant)
        consequences.follow_devices(tenant=tenant)
    after = None
    while True:
        with tenant_context(tenant_id):
            _moved, after = consequences.follow_some(tenant=tenant, after=after)
        if after is None:
            break
    with tenant_context(tenant_id):
        Property.objects.filter(pk=tenant_id).update(judged_on=today, judged_version=tenant.facts_version)


def judge() -> int:
    """Judge every property not judged on this Beijing day, or not since its facts changed; return how many.

    Dates pass without anybody acting: a sign grows old, a consent ends, a notice takes effect. One property's
    failure does not keep the next from its turn.
    """
    due = Q(judged_on__isnull=True) | Q(judged_on__lt=timezone.localdate()) | ~Q(judged_version=F("facts_version"))
    judged = 0
    for tenant_id in list(Property.objects.filter(due).order_by("pk").values_list("pk", flat=True)):
        try:
            judge_property(tenant_id=tenant_id)
            judged += 1
        except Exception:
            logger.exception("The gate could not judge property %s.", tenant_id)
    return judged
