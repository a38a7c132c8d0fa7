"""What nobody did in time: nonces and boots to forget, faces to call off, terminals to fill. Runs as the web role."""

import logging
import uuid
from collections.abc import Callable

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from recognition.edge import order_rules, rules, tasks
from recognition.edge.kinds import OPEN_ORDERS, CopyState, OrderKind, OrderState
from recognition.edge.models import DeviceBoot, DeviceCopy, DeviceNonce, DeviceOrder
from recognition.edge.services import enrolling, storing
from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import FaceState
from tenants.people.models import Person

logger = logging.getLogger(__name__)


def sweep_nonces() -> int:
    """Delete the nonces of requests that the clock refuses by now, and boots of long ago; return how many."""
    return _everywhere(_sweep, "nonces")


def expire_orders() -> int:
    """Call off what nobody came for within 72 hours, put back who was to come and whose face no terminal holds now.

    Return how many people.
    """
    return _everywhere(_expire, "orders")


def top_up() -> int:
    """Have the face worker look at terminals that lack somebody, as when a message was lost; return how many."""
    return _everywhere(_top_up, "terminals")


def _everywhere(sweep: Callable[[uuid.UUID], int], what: str) -> int:
    count = 0
    for tenant_id in Property.objects.order_by("pk").values_list("pk", flat=True):
        try:
            count += sweep(tenant_id)
        except Exception:
            # One property's failure does not keep the next from its sweep.
            logger.exception("The sweep of %s of property %s failed.", what, tenant_id)
    return count


def _expire(tenant_id: uuid.UUID) -> int:
    """A terminal that fetched the order says itself that nobody came; it is given a day for that."""
    now = timezone.now()
    with tenant_context(tenant_id):
        late = DeviceOrder.objects.filter(tenant_id=tenant_id, kind=OrderKind.ENROL, state__in=OPEN_ORDERS)
        late = late.filter(until__lte=now).exclude(state=OrderState.SENT, until__gt=now - enrolling.ANSWER_WITHIN)
        expected = DeviceOrder.objects.filter(
            person=OuterRef("pk"), kind=OrderKind.ENROL, state__in=OPEN_ORDERS
        ).exclude(pk__in=late.values("pk"))
        waiting = Person.objects.filter(tenant_id=tenant_id, tenant__storage_mode=StorageMode.ON_DEVICE)
        waiting = waiting.filter(face_state=FaceState.CAPTURED).filter(~Exists(expected))
        lost = Person.objects.filter(tenant_id=tenant_id, tenant__storage_mode=StorageMode.ON_DEVICE)
        lost = lost.filter(face_state=FaceState.ENROLLED, face_stored=StorageMode.ON_DEVICE).filter(
            ~Exists(DeviceCopy.objects.filter(person=OuterRef("pk")).exclude(state=CopyState.GONE))
        )
        people = {
            *late.values_list("person_id", flat=True),
            *waiting.values_list("pk", flat=True),
            *lost.values_list("pk", flat=True),
        }
        locked = list(
            Person.objects.select_for_update(of=("self",), skip_locked=True).filter(pk__in=people).order_by("pk")
        )
        for person in locked:
            enrolling.expire(person=person, now=now)
        return len(locked)


def _top_up(tenant_id: uuid.UUID) -> int:
    """Three queries. A terminal that could not keep a template lately is left alone for an hour."""
    with tenant_context(tenant_id):
        tenant = Property.objects.get(pk=tenant_id)
        enrolled = Person.objects.filter(tenant=tenant, face_state=FaceState.ENROLLED, face_stored=StorageMode.PORTAL)
        if tenant.storage_mode != StorageMode.PORTAL or not enrolled.exists():
            return 0
        copies = DeviceCopy.objects.filter(device=OuterRef(OuterRef("device")), person=OuterRef("pk"))
        held = copies.filter(state__in=(CopyState.WANTED, *order_rules.HELD_STATES)).exclude(model_version="")
        failed = DeviceOrder.objects.filter(
            device=OuterRef("device"),
            kind=OrderKind.STORE,
            state=OrderState.FAILED,
            finished_at__gt=timezone.now() - order_rules.RETRY_AFTER,
        )
        keys = storing.takers(tenant=tenant).filter(Exists(enrolled.filter(~Exists(held))), ~Exists(failed))
        for key in keys:
            tasks.send_seal_for_device(device=key.device)
        return len(keys)


def _sweep(tenant_id: uuid.UUID) -> int:
    now = timezone.now()
    with tenant_context(tenant_id):
        nonces = DeviceNonce.objects.filter(tenant_id=tenant_id, at__lt=now - rules.NONCE_LIFETIME)
        boots = DeviceBoot.objects.filter(tenant_id=tenant_id, at__lt=now - rules.BOOT_LIFETIME)
        # The boot that speaks now stays, however long it has been running.
        return nonces.delete()[0] + boots.exclude(boot=F("key__boot")).delete()[0]
