"""What was written in a request goes after its clock; that it was made, answered and when stays as evidence."""

import uuid
from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.rights.kinds import HoldKind
from tenants.rights.models import Complaint, RequestAttachment, RequestMessage, RightsRequest
from tenants.rights.models.complaints import EMPTIED
from tenants.rights.services import holds

SLICE = 500


@transaction.atomic
def expire(*, tenant: Property) -> int:
    """Empty the texts of requests closed longer ago than the property keeps them; return of how many requests.

    Names, contacts, messages and papers go. What a legal hold keeps stays until the hold is over.
    """
    is_all_held, people = holds.held_people(tenant=tenant, kind=HoldKind.EVIDENCE)
    if is_all_held:
        return 0
    limit = timezone.now() - timedelta(days=tenant.request_days)
    rows = RightsRequest.objects.filter(tenant=tenant, closed_at__lt=limit, texts_erased_at__isnull=True)
    if people:
        rows = rows.exclude(person__in=people)
    ids = list(rows.order_by("closed_at").select_for_update(skip_locked=True).values_list("pk", flat=True)[:SLICE])
    _empty(ids)
    return len(ids)


@transaction.atomic
def expire_complaints(*, tenant: Property) -> int:
    """Empty the texts of complaints answered longer ago than the property keeps them; return of how many.

    Also of those that belong to nobody's record, which no erasure reaches. That each was answered, and when, stays.
    What a legal hold keeps stays until the hold is over.
    """
    is_all_held, people = holds.held_people(tenant=tenant, kind=HoldKind.EVIDENCE)
    if is_all_held:
        return 0
    limit = timezone.now() - timedelta(days=tenant.request_days)
    rows = Complaint.objects.filter(tenant=tenant, answered_at__lt=limit).exclude(text="")
    if people:
        rows = rows.exclude(person__in=people)
    ids = list(rows.order_by("answered_at").select_for_update(skip_locked=True).values_list("pk", flat=True)[:SLICE])
    Complaint.objects.filter(pk__in=ids).update(name="", contact="", text="", answer=EMPTIED)
    return len(ids)


def _empty(ids: Collection[uuid.UUID]) -> None:
    now = timezone.now()
    papers = RequestAttachment.objects.filter(message__request__in=ids)
    papers.filter(erased_at__isnull=True).update(content=b"", name="", erased_at=now)
    RequestMessage.objects.filter(request__in=ids).update(text="")
    RightsRequest.objects.filter(pk__in=ids).update(
        name="", contact="", room="", message="", relation="", extension_reason="", texts_erased_at=now
    )
