"""Celery shells. The names are permanent; the message holds ids only."""

import logging
import uuid

from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from portal.work.models import Job

logger = logging.getLogger(__name__)


@shared_task(name="work.run")
def run(tenant_id: str, job_id: str) -> None:
    from portal.work import jobs

    jobs.run(tenant_id=uuid.UUID(tenant_id), job_id=uuid.UUID(job_id))


def send(job: Job) -> None:
    """Tell a worker when the transaction commits. A broker that is down loses nothing: the sweep sends it again."""
    ids = (str(job.tenant_id), str(job.pk))

    def at_commit() -> None:
        try:
            run.apply_async(args=ids)
        except OperationalError:
            logger.warning("The queue cannot be reached; job %s waits for the next sweep.", ids[1])

    transaction.on_commit(at_commit)
