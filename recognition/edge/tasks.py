"""Celery shells. The names are permanent."""

import logging
import uuid

from celery import Task, shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from tenants.people.models import Person
from tenants.premises.models import Device

logger = logging.getLogger(__name__)


@shared_task(name="edge.sweep_nonces")
def sweep_nonces() -> None:
    from recognition.edge import sweeps

    sweeps.sweep_nonces()


@shared_task(name="edge.seal_for_person")
def seal_for_person(tenant_id: str, person_id: str, is_new: bool = False) -> None:
    from recognition.edge import jobs

    jobs.seal_for_person(tenant_id=uuid.UUID(tenant_id), person_id=uuid.UUID(person_id), is_new=is_new)


@shared_task(name="edge.seal_for_device")
def seal_for_device(tenant_id: str, device_id: str) -> None:
    from recognition.edge import jobs

    jobs.seal_for_device(tenant_id=uuid.UUID(tenant_id), device_id=uuid.UUID(device_id))


@shared_task(name="edge.expire_orders")
def expire_orders() -> None:
    from recognition.edge import sweeps

    sweeps.expire_orders()


@shared_task(name="edge.top_up")
def top_up() -> None:
    from recognition.edge import sweeps

    sweeps.top_up()


def send_seal_for_person(*, person: Person, is_new: bool = False) -> None:
    """Have the face worker seal a person's templates to the terminals when the transaction commits.

    `is_new` when the templates are other ones; otherwise only terminals without them are given any.
    """
    _send(seal_for_person, str(person.tenant_id), str(person.pk), is_new)


def send_seal_for_device(*, device: Device) -> None:
    """Have the face worker seal to one terminal what it does not hold yet, when the transaction commits."""
    _send(seal_for_device, str(device.tenant_id), str(device.pk))


def _send(task: Task, *args: object) -> None:
    """Send after the commit. A broker that is down loses nothing: the sweep finds who is missing where."""

    def send() -> None:
        try:
            task.apply_async(args=args)
        except OperationalError:
            logger.warning("The queue cannot be reached; %s waits for the sweep.", task.name)

    transaction.on_commit(send)
