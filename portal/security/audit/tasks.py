"""Celery shells of the audit. The names are permanent."""

from celery import shared_task

from portal.security.audit import mailed, seals, standing
from portal.security.detection import chain
from tenants.rights import signing


@shared_task(name="security.seal_audit")
def seal_audit() -> None:
    if signing.can_sign():  # without a key nothing is sealed, which the property's page of the log says
        seals.seal()


@shared_task(name="security.verify_audit")
def verify_audit() -> None:
    if signing.public_keys():
        chain.look(standing.check())


@shared_task(name="security.mail_seal")
def mail_seal() -> None:
    mailed.send()
