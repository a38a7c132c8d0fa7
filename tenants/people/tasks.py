"""Celery shells. The names are permanent."""

import logging
import uuid

from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from tenants.people.models import Invitation

logger = logging.getLogger(__name__)


@shared_task(name="people.send_invitation")
def send_invitation(tenant_id: str, invitation_id: str) -> None:
    from tenants.people import jobs

    jobs.send_invitation(tenant_id=uuid.UUID(tenant_id), invitation_id=uuid.UUID(invitation_id))


@shared_task(name="people.sweep_invitations")
def sweep_invitations() -> None:
    from tenants.people import jobs

    jobs.sweep_invitations()


def queue_invitation(invitation: Invitation) -> None:
    """Have a worker send it after the commit. Ids only: the broker sees no address and no secret.

    A broker that is down loses nothing: the sweep sends every invitation that waits.
    """
    ids = (str(invitation.tenant_id), str(invitation.pk))

    def send() -> None:
        try:
            send_invitation.apply_async(args=ids)
        except OperationalError:
            logger.warning("The queue cannot be reached; invitation %s waits for the next sweep.", ids[1])

    transaction.on_commit(send)
