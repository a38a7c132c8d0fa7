"""Says who acts in a worker, in a command and at the beginning of each request (tenants/organizations/actors.py)."""

import sys
from typing import Any

from celery.signals import task_postrun, task_prerun
from django.conf import settings
from django.core.signals import request_started

from tenants.organizations import actors

_tokens: dict[str, Any] = {}


def connect() -> None:
    """Called once, when the application is ready."""
    if sys.argv[0].endswith("manage.py") and len(sys.argv) > 1:
        actors.name(f"command:{sys.argv[1]}")
    request_started.connect(_nobody_yet, dispatch_uid="consentry_actor")
    task_prerun.connect(_begin, dispatch_uid="consentry_actor", weak=False)
    task_postrun.connect(_end, dispatch_uid="consentry_actor", weak=False)


def _nobody_yet(**_kwargs: object) -> None:
    """A thread that serves requests serves another's after a terminal's."""
    actors.name("")


def _begin(*, task_id: str, **_kwargs: object) -> None:
    _tokens[task_id] = actors.name(f"worker:{settings.CONSENTRY_ROLE}")


def _end(*, task_id: str, **_kwargs: object) -> None:
    token = _tokens.pop(task_id, None)
    if token is not None:
        actors.forget(token)
