"""How a package gets to its worker. The message holds ids only."""

import logging

from django.db import transaction
from kombu.exceptions import OperationalError

from tenants.rights.models import Package

logger = logging.getLogger(__name__)


def send_build(package: Package) -> None:
    """Tell a worker when the transaction commits. A broker that is down loses nothing: the sweep sends it again."""
    from tenants.rights.tasks import build_package

    ids = (str(package.tenant_id), str(package.pk))

    def send() -> None:
        try:
            build_package.apply_async(args=ids)
        except OperationalError:
            logger.warning("The queue cannot be reached; package %s waits for the next sweep.", ids[1])

    transaction.on_commit(send)
