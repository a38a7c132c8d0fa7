"""Celery shells. The names are permanent."""

import logging
import uuid

from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from recognition.enrollment.models import Enrollment

logger = logging.getLogger(__name__)


@shared_task(name="enrollment.process")
def process(tenant_id: str, enrollment_id: str) -> None:
    from recognition.enrollment import jobs

    jobs.process(tenant_id=uuid.UUID(tenant_id), enrollment_id=uuid.UUID(enrollment_id))


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
