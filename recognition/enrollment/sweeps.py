"""End what was left behind: photos nobody took up, work that was interrupted. Runs as the web role."""

import logging
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from recognition.enrollment import batches, reasons, tasks
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

AGAIN_AT_ONCE = 20  # of one property in one sweep, so that no door waits for what was lost


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
        _end_interrupted(tenant_id)
        _send_again(tenant_id)
        _wake_batches(tenant_id)
        return Capture.objects.filter(tenant_id=tenant_id, expires_at__lt=timezone.now()).delete()[0]


def _end_interrupted(tenant_id: uuid.UUID) -> None:
    """Tell people at once whose photo is gone: with the worker that held it, or with a crash of the database."""
    taken = Q(state=EnrollmentState.PROCESSING, taken_at__lt=_seconds_ago(settings.PROCESSING_SECONDS))
    captures = Capture.objects.filter(enrollment=OuterRef("pk"))
    without = Q(state=EnrollmentState.QUEUED) & ~Exists(captures)
    rows = Enrollment.objects.filter(taken | without, tenant_id=tenant_id)
    for enrollment_id in list(rows.order_by("pk").values_list("pk", flat=True)):
        enrollment = lock(enrollment_id)
        # Judged once more under the lock: the worker may have been only slow.
        if enrollment is not None and Enrollment.objects.filter(taken | without, pk=enrollment_id).exists():
            finish(enrollment=enrollment, state=EnrollmentState.FAILED, reason=reasons.INTERRUPTED)


def _send_again(tenant_id: uuid.UUID) -> None:
    """Hand over anew what a queue may have lost. A job that comes twice does its work once."""
    waiting = Enrollment.objects.filter(
        tenant_id=tenant_id,
        state=EnrollmentState.QUEUED,
        batch_row__isnull=True,
        created_at__lt=_seconds_ago(settings.PROCESSING_SECONDS),
    )
    for enrollment in waiting.order_by("created_at")[:AGAIN_AT_ONCE]:
        tasks.send_process(enrollment)


def _wake_batches(tenant_id: uuid.UUID) -> None:
    """Go on with batches whose worker died or whose message was lost."""
    stalled = PhotoBatch.objects.filter(
        tenant_id=tenant_id, stopped_at__isnull=True, rows__enrollment__state=EnrollmentState.QUEUED
    )
    for batch in stalled.distinct().select_related("tenant"):
        batches.wake(batch=batch)


def _limit(*, is_of_batch: bool = False) -> datetime:
    return _seconds_ago(settings.BATCH_LIFETIME_SECONDS if is_of_batch else settings.CAPTURE_LIFETIME_SECONDS)


def _seconds_ago(seconds: float) -> datetime:
    return timezone.now() - timedelta(seconds=seconds)
