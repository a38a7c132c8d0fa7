"""Celery shells. The names are permanent."""

import logging
import uuid

from celery import Task, shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from tenants.organizations.models import EmergencyAccess, Membership
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


@shared_task(name="people.tell_owners", bind=True, max_retries=8)
def tell_owners(self: Task, tenant_id: str, emergency_id: str) -> None:
    """Tell the owners that platform staff look in; a letter that did not leave is tried again within the hours."""
    from tenants.people import owner_letters

    if not owner_letters.tell_owners(tenant_id=uuid.UUID(tenant_id), emergency_id=uuid.UUID(emergency_id)):
        raise self.retry(countdown=60)


@shared_task(name="people.tell_owners_of_role", bind=True, max_retries=8)
def tell_owners_of_role(self: Task, tenant_id: str, membership_id: str) -> None:
    """Tell the owners that platform staff gave somebody a role; a letter that did not leave is tried again."""
    from tenants.people import owner_letters

    if not owner_letters.tell_of_role(tenant_id=uuid.UUID(tenant_id), membership_id=uuid.UUID(membership_id)):
        raise self.retry(countdown=60)


def queue_emergency_letters(emergency: EmergencyAccess) -> None:
    """Have a worker write to the owners after the commit. Without a broker the pages alone tell them."""
    _queue_letters(tell_owners, emergency)


def queue_role_letters(membership: Membership) -> None:
    """The same about a role that platform staff gave."""
    _queue_letters(tell_owners_of_role, membership)


def _queue_letters(task: Task, row: EmergencyAccess | Membership) -> None:
    ids = (str(row.tenant_id), str(row.pk))

    def send() -> None:
        try:
            task.apply_async(args=ids)
        except OperationalError:
            logger.warning("The queue cannot be reached; no letter about %s was sent.", row)

    transaction.on_commit(send)


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
