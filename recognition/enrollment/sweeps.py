"""End what was left behind: photos nobody took up, work that was interrupted. Runs as the web role."""

import logging
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from recognition.enrollment import batches, reasons
from recognition.enrollment.models import (
    OPEN_STATES,
    Capture,
    Enrollment,
    EnrollmentState,
    PhotoBatch,
    PhotoBatchRow,
)
from recognition.enrollment.services import finish, lock
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context

logger = logging.getLogger(__name__)


def give_up(*, tenant_id: uuid.UUID, enrollment_id: uuid.UUID) -> None:
    """Fail an enrolment that could not be handed over."""
    with tenant_context(tenant_id):
        enrollment = lock(enrollment_id)
        if enrollment is not None and enrollment.state in OPEN_STATES:
            finish(enrollment=enrollment, state=EnrollmentState.FAILED, reason=reasons.QUEUE_DOWN)


def expire_if_late(*, enrollment: Enrollment) -> Enrollment:
    """Fail one open enrolment that is past its time; for pages that look at it before the sweep does."""
    is_of_batch = PhotoBatchRow.objects.filter(enrollment=enrollment).exists()
    if enrollment.state not in OPEN_STATES or enrollment.created_at > _limit(is_of_batch=is_of_batch):
        return enrollment
    with transaction.atomic():
        # The worker may have ended it since it was read.
        enrollment = lock(enrollment.pk) or enrollment
        return _expire(enrollment)


def _expire(enrollment: Enrollment) -> Enrollment:
    if enrollment.state not in OPEN_STATES:
        return enrollment
    reason = reasons.TOO_LATE if enrollment.state == EnrollmentState.QUEUED else reasons.INTERRUPTED
    return finish(enrollment=enrollment, state=EnrollmentState.FAILED, reason=reason)


def sweep_captures() -> int:
    """Fail every enrolment past its time and delete every photo past its time; return how many photos went."""
    gone = 0
    for tenant in Property.objects.order_by("pk"):
        try:
            gone += _sweep(tenant.pk)
        except Exception:
            # One property's failure does not keep the next from its sweep.
            logger.exception("The sweep of photos of property %s failed.", tenant.pk)
    return gone


def _sweep(tenant_id: uuid.UUID) -> int:
    with tenant_context(tenant_id):
        alone = Q(batch_row__isnull=True, created_at__lt=_limit())
        of_batch = Q(batch_row__isnull=False, created_at__lt=_limit(is_of_batch=True))
        for enrollment in Enrollment.objects.filter(alone | of_batch, tenant_id=tenant_id, state__in=OPEN_STATES):
            expire_if_late(enrollment=enrollment)
        _wake_batches(tenant_id)
        return Capture.objects.filter(tenant_id=tenant_id, expires_at__lt=timezone.now()).delete()[0]


def _wake_batches(tenant_id: uuid.UUID) -> None:
    """Go on with batches whose worker died or whose message was lost."""
    stalled = PhotoBatch.objects.filter(
        tenant_id=tenant_id, stopped_at__isnull=True, rows__enrollment__state=EnrollmentState.QUEUED
    )
    for batch in stalled.distinct().select_related("tenant"):
        batches.wake(batch=batch)


def _limit(*, is_of_batch: bool = False) -> datetime:
    seconds = settings.BATCH_LIFETIME_SECONDS if is_of_batch else settings.CAPTURE_LIFETIME_SECONDS
    return timezone.now() - timedelta(seconds=seconds)
