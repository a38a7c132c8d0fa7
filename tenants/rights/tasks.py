"""Celery shells. The names are permanent."""

import logging
import uuid

from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from tenants.rights import request_tasks  # noqa: F401 - celery looks for tasks here
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


@shared_task(name="rights.empty_as_web")
def empty_as_web(tenant_id: str) -> None:
    from tenants.rights import many_jobs

    if many_jobs.empty_slice(tenant_id=uuid.UUID(tenant_id), runs_as="web") == many_jobs.SLICE:
        empty_as_web.apply_async(args=(tenant_id,))  # behind whatever waits in the queue


@shared_task(name="rights.empty_as_recognition")
def empty_as_recognition(tenant_id: str) -> None:
    from tenants.rights import many_jobs

    if many_jobs.empty_slice(tenant_id=uuid.UUID(tenant_id), runs_as="recognition") == many_jobs.SLICE:
        empty_as_recognition.apply_async(args=(tenant_id,))


@shared_task(name="rights.certify")
def certify(tenant_id: str, erasure_id: str) -> None:
    from tenants.rights import jobs

    jobs.certify(tenant_id=uuid.UUID(tenant_id), erasure_id=uuid.UUID(erasure_id))


@shared_task(name="rights.sweep_retention")
def sweep_retention() -> None:
    from tenants.rights import retention_jobs

    retention_jobs.sweep_retention()


@shared_task(name="rights.sweep_erasures")
def sweep_erasures() -> None:
    from tenants.rights import sweeps

    sweeps.sweep_erasures()


@shared_task(name="rights.sweep_ledger")
def sweep_ledger() -> None:
    from tenants.rights import replaying

    replaying.catch_up()


@shared_task(name="rights.sweep_complaints")
def sweep_complaints() -> None:
    from tenants.rights import complaint_jobs

    complaint_jobs.sweep_complaints()


@shared_task(name="rights.build_package")
def build_package(tenant_id: str, package_id: str) -> None:
    from tenants.rights import package_jobs

    package_jobs.build(tenant_id=uuid.UUID(tenant_id), package_id=uuid.UUID(package_id))


@shared_task(name="rights.sweep_packages")
def sweep_packages() -> None:
    from tenants.rights import package_jobs

    package_jobs.sweep_packages()


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


def send_empty(*, tenant_id: uuid.UUID) -> None:
    """Have the workers empty the stores of a property's open orders, slice by slice, when the transaction commits."""

    def send() -> None:
        try:
            empty_as_recognition.apply_async(args=(str(tenant_id),))
            empty_as_web.apply_async(args=(str(tenant_id),))
        except OperationalError:
            logger.warning("The queue cannot be reached; the erasures of %s wait for the next sweep.", tenant_id)

    transaction.on_commit(send)


def send_certify(erasure: Erasure) -> None:
    """Have a web-role worker issue the certificate when the transaction commits: whoever looks at faces cannot sign."""
    ids = (str(erasure.tenant_id), str(erasure.pk))

    def send() -> None:
        try:
            certify.apply_async(args=ids)
        except OperationalError:
            logger.warning("The queue cannot be reached; the certificate of %s waits for the next sweep.", ids[1])

    transaction.on_commit(send)
