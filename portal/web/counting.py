"""What beat does for the page over many properties: count each of them in its own context, one after the other."""

import logging
import uuid
from collections.abc import Callable
from functools import cache

from portal.security.figures import people_of
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.rights.services import figures
from tenants.rights.sweeps import in_turn

logger = logging.getLogger(__name__)


def count_all() -> int:
    """Return how many properties were counted. Running twice changes nothing."""
    people = cache(people_of)  # a handler's people are counted once in a run
    counted = 0
    for tenant_id in in_turn(list(Property.objects.order_by("pk").values_list("pk", flat=True))):
        try:
            _count(tenant_id, people)
            counted += 1
        except Exception:
            # One bad property does not keep the others waiting.
            logger.exception("Property %s could not be counted.", tenant_id)
    return counted


def _count(tenant_id: uuid.UUID, people: Callable[[uuid.UUID], int]) -> None:
    with tenant_context(tenant_id):
        tenant = Property.objects.select_related("handler").get(pk=tenant_id)
        figures.count(tenant=tenant, count_people=lambda: people(tenant.handler_id))
