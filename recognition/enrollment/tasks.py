"""Celery shells. The names are permanent."""

import logging
import uuid

from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from recognition.enrollment.models import Enrollment, PhotoBatch

logger = logging.getLogger(__name__)


@shared_task(name="enrollment.process")
def process(tenant_id: str, enrollment_id: str) -> None:
    from recognition.enrollment import jobs

    jobs.process(tenant_id=uuid.UUID(tenant_id), enrollment_id=uuid.UUID(enrollment_id))


@shared_task(name="enrollment.process_batch")
def process_batch(tenant_id: str, batch_id: str) -> None:
    """Do the next photo of a batch and ask to be called again: behind every door that asked meanwhile."""
    from recognition.enrollment import jobs

    if jobs.process_next(tenant_id=uuid.UUID(tenant_id), batch_id=uuid.UUID(batch_id)):
        process_batch.apply_async(args=(tenant_id, batch_id))


@shared_task(name="enrollment.sweep_captures")
def sweep_captures() -> None:
    from recognition.enrollment import sweeps

    sweeps.sweep_captures()


def send_process(enrollment: Enrollment) -> None:
    """Send the enrolment to the recognition queue when the transaction commits.

    When the queue cannot be reached the enrolment fails at once with its reason, and its photo goes.
    """
    tenant_id, enrollment_id = enrollment.tenant_id, enrollment.pk

    def send() -> None:
        try:
            process.apply_async(args=(str(tenant_id), str(enrollment_id)))
        except OperationalError:
            from recognition.enrollment import sweeps

            logger.warning("The queue cannot be reached; enrolment %s failed.", enrollment_id)
            sweeps.give_up(tenant_id=tenant_id, enrollment_id=enrollment_id)

    transaction.on_commit(send)


def send_batch(batch: PhotoBatch) -> None:
    """Have the recognition queue go on with a batch when the transaction commits; the sweep tries again otherwise."""
    tenant_id, batch_id = str(batch.tenant_id), str(batch.pk)

    def send() -> None:
        try:
            process_batch.apply_async(args=(tenant_id, batch_id))
        except OperationalError:
            logger.warning("The queue cannot be reached; batch %s waits for the sweep.", batch_id)

    transaction.on_commit(send)
