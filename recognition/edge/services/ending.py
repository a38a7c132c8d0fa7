"""A face that lay on terminals alone ends with the last of them: nothing is left that could be used or brought back."""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from recognition.edge.kinds import AT_AN_END, CopyState
from recognition.edge.models import DeviceCopy, DeviceLoss
from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Property
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.rights.kinds import ErasureReason
from tenants.rights.services.many_erasures import order_erasures

SLICE = 200
KEPT = (FaceState.ENROLLED, FaceState.SUSPENDED)

# For the sweep of a property: whether somebody's last terminal was lost (rights/due.py). Losses are few, copies many.
LOST_DUE = """EXISTS (SELECT 1 FROM edge_deviceloss l
    JOIN edge_devicecopy c ON c.device_id = l.device_id AND c.state = 'lost'
    JOIN people_person f ON f.id = c.person_id
    WHERE l.tenant_id = p.id AND l.confirmed_at IS NOT NULL
    AND f.face_stored = 'on_device' AND f.face_state IN ('enrolled', 'suspended')
    AND NOT EXISTS (SELECT 1 FROM edge_devicecopy d WHERE d.person_id = f.id AND d.state NOT IN ('gone', 'lost')))"""


@transaction.atomic
def end_lost_faces(*, tenant: Property) -> int:
    """Order the erasure of faces whose every terminal was lost or confirmed its deletion; return how many, at most 200.

    Of a face that is kept in this portal no terminal is the last. Whoever is locked elsewhere is found the next time.
    """
    lost = DeviceCopy.objects.filter(person=OuterRef("pk"), state=CopyState.LOST)
    devices = DeviceLoss.objects.filter(tenant=tenant, confirmed_at__isnull=False).values("device")
    rows = Person.objects.filter(
        Exists(lost.filter(device__in=devices)),
        ~Exists(_living()),
        tenant=tenant,
        face_stored=StorageMode.ON_DEVICE,
        face_state__in=KEPT,
    )
    locked = rows.order_by("pk").select_for_update(of=("self",), skip_locked=True)
    return _end(tenant, list(locked.values_list("pk", flat=True)[:SLICE]))


def _living() -> QuerySet[DeviceCopy]:
    return DeviceCopy.objects.filter(person=OuterRef("pk")).exclude(state__in=AT_AN_END)


def _end(tenant: Property, people: Collection[uuid.UUID]) -> int:
    # A terminal may have taken the face anew before the lock was held.
    rows = Person.objects.filter(pk__in=people).filter(~Exists(_living())).values_list("pk", flat=True)
    return len(order_erasures(tenant=tenant, reasons=dict.fromkeys(rows, ErasureReason.LOST)))
