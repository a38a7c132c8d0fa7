"""No process of the portal starts while what protects people is set up wrongly."""

import os
import sys

from django.core.checks import Error, run_checks
from django.core.exceptions import ImproperlyConfigured

from portal.security.checks import START

EXIT_CODE = os.EX_CONFIG


def faults() -> list[str]:
    """One sentence for each fault, with its id and what mends it."""
    return [f"{fault.id}: {fault.msg} {fault.hint}" for fault in run_checks(tags=[START]) if isinstance(fault, Error)]


def refuse_web() -> None:
    """Called before the first request. Raises ImproperlyConfigured, upon which gunicorn ends altogether."""
    if found := faults():
        _tell(found)
        raise ImproperlyConfigured(f"{len(found)} settings are not safe.")


def refuse_worker() -> None:
    """Called before the first task. Raises SystemExit; what else a receiver raises Celery logs, and goes on."""
    if found := faults():
        _tell(found)
        raise SystemExit(EXIT_CODE)


def _tell(found: list[str]) -> None:
    """Say it to whoever runs the machine; a log line could not hold the setting's name."""
    sys.stderr.flush()
    os.write(2, "".join(f"The portal does not start: {sentence}\n" for sentence in found).encode())
