"""Celery shells. The names are permanent."""

import logging
import uuid
from dataclasses import dataclass

from celery import shared_task
from django.db import connection, transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


@shared_task(name="clearance.follow_people")
def follow_people(tenant_id: str) -> None:
    from tenants.clearance import jobs

    jobs.judge_property(tenant_id=uuid.UUID(tenant_id))


@shared_task(name="clearance.judge")
def judge() -> None:
    from tenants.clearance import jobs

    jobs.judge()


@dataclass(frozen=True)
class _FollowPeople:
    """Sends one task; equal to another that would send the same."""

    tenant_id: uuid.UUID

    def __call__(self) -> None:
        try:
            follow_people.apply_async(args=(str(self.tenant_id),))
        except OperationalError:
            logger.warning("The queue cannot be reached; the people of %s wait for the next sweep.", self.tenant_id)


def send_follow_people(*, tenant_id: uuid.UUID) -> None:
    """Have a worker judge a property's people after the commit, once a transaction however many facts changed.

    A broker that is down loses nothing: the sweep comes.
    """
    send, savepoints = _FollowPeople(tenant_id), set(connection.savepoint_ids)
    # One that waits already counts only if no rollback can take it without taking this change as well.
    if not any(entry[0] <= savepoints and entry[1] == send for entry in connection.run_on_commit):
        transaction.on_commit(send)
