"""What a certificate of erasure says about terminals: who confirmed, with which signed receipt, and who was lost."""

import hashlib
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from recognition.edge.kinds import OrderKind, OrderState
from recognition.edge.models import DeviceCopy, DeviceOrder
from recognition.edge.services import copies
from tenants.people.models import Person


def terminals(*, person: Person, since: datetime, until: datetime) -> dict[str, list[dict[str, object]]]:
    """Return the confirmations of terminals within an erasure, and the terminals declared lost with the face.

    A receipt is kept by us; the digest in the certificate binds it (SHA-256 of the text that the terminal signed).
    One that came back before the order was asked like any other, and is not called lost. Two queries.
    """
    own = DeviceCopy.objects.filter(person=person).annotate(came_back=copies.back_before(since))
    held = list(own.order_by("device_id"))
    about = Q(person=person, kind=OrderKind.DELETE) | Q(
        kind=OrderKind.WIPE, device__in=[copy.device_id for copy in held]
    )
    orders = DeviceOrder.objects.filter(about, state=OrderState.DONE, finished_at__range=(since, until))
    rows = orders.exclude(receipt="").select_related("key").defer("sealed").order_by("device_id", "number")
    return {
        "devices": [
            {
                "device": str(order.device_id),
                "order": order.number,
                "kind": order.kind,
                "at": _time(order.finished_at),
                "receipt_sha256": hashlib.sha256(order.receipt.encode()).hexdigest(),
                "key": order.key.thumbprint if order.key else None,
            }
            for order in rows
        ],
        "lost_devices": [
            {"device": str(copy.device_id), "lost_on": timezone.localdate(copy.lost_at).isoformat()}
            for copy in held
            if copy.lost_at is not None and copy.lost_at <= until and not copy.came_back
        ],
    }


def _time(moment: datetime | None) -> str | None:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else None
