"""Celery shells. The names are permanent."""

import logging
import uuid

from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from tenants.rights.models import Erasure

logger = logging.getLogger(__name__)


@shared_task(name="rights.erase_as_web")
def erase_as_web(tenant_id: str, erasure_id: str) -> None:
    from tenants.rights import jobs

    jobs.erase(tenant_id=uuid.UUID(tenant_id), erasure_id=uuid.UUID(erasure_id), runs_as="web")


@shared_task(name="rights.erase_as_recognition")
def erase_as_recognition(tenant_id: str, erasure_id: str) -> None:
    from tenants.rights import jobs

    jobs.erase(tenant_id=uuid.UUID(tenant_id), erasure_id=uuid.UUID(erasure_id), runs_as="recognition")


@shared_task(name="rights.sweep_retention")
def sweep_retention() -> None:
    from tenants.rights import jobs

    jobs.sweep_retention()


def send_erase(erasure: Erasure) -> None:
    """Send both halves of an erasure when the transaction commits.

    The face is unusable from the commit already. A broker that is down loses nothing: the sweep sends
    every open erasure again.
    """
    ids = (str(erasure.tenant_id), str(erasure.pk))

    def send() -> None:
        try:
            erase_as_recognition.apply_async(args=ids)
            erase_as_web.apply_async(args=ids)
        except OperationalError:
            logger.warning("The queue cannot be reached; erasure %s waits for the next sweep.", ids[1])

    transaction.on_commit(send)
