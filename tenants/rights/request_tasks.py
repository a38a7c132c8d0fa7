"""Celery shells of requests. The names are permanent."""

import logging
import uuid

from celery import Task, shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from tenants.rights.models import IdentityCode, RequestMessage

logger = logging.getLogger(__name__)


@shared_task(name="rights.send_message")
def send_message(tenant_id: str, message_id: str) -> None:
    from tenants.rights import request_jobs

    request_jobs.send_message(tenant_id=uuid.UUID(tenant_id), message_id=uuid.UUID(message_id))


@shared_task(name="rights.send_identity_code")
def send_identity_code(tenant_id: str, code_id: str) -> None:
    from tenants.rights import request_jobs

    request_jobs.send_identity_code(tenant_id=uuid.UUID(tenant_id), code_id=uuid.UUID(code_id))


@shared_task(name="rights.sweep_requests")
def sweep_requests() -> None:
    from tenants.rights import request_jobs

    request_jobs.sweep_requests()


def queue_message(message: RequestMessage) -> None:
    """Have a worker tell the person, after the commit. Ids only: the broker sees no address and no text."""
    _after_commit(send_message, str(message.tenant_id), str(message.pk))


def queue_code(code: IdentityCode) -> None:
    """Have a worker make the code and send it, after the commit: the broker never sees one."""
    _after_commit(send_identity_code, str(code.tenant_id), str(code.pk))


def _after_commit(task: Task, *ids: str) -> None:
    """A broker that is down loses nothing: the sweep sends whatever waits."""

    def send() -> None:
        try:
            task.apply_async(args=ids)
        except OperationalError:
            logger.warning("The queue cannot be reached; %s waits for the next sweep.", ids[1])

    transaction.on_commit(send)
