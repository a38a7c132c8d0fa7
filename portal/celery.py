"""The Celery application: two queues, one clock.

Tasks carry ids only. A photo, a template or a name in a message would stay in the broker after the
person has said no.
"""

import os
import sys
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, task_postrun, task_prerun, worker_init, worker_ready
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")

app = Celery("consentry")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Celery opens a database connection for each task and closes it: five milliseconds that a door waits. Here a
# connection is kept as Django's web processes keep theirs: for CONN_MAX_AGE, and proved before its next use.
app.conf["CELERY_DB_REUSE_MAX"] = sys.maxsize


@setup_logging.connect
def keep_the_logging(**_kwargs: object) -> None:
    """Celery makes no handlers of its own where somebody listens here: those of the settings are the only ones."""


@task_prerun.connect
@task_postrun.connect
def close_old(**kwargs: Any) -> None:
    """Not within a caller's own transaction: a task run at once (`apply`) has no connection of its own."""
    if not kwargs["task"].request.is_eager:
        close_old_connections()


@worker_init.connect
@beat_init.connect
def require_safe_settings(**_kwargs: object) -> None:
    """Nothing is taken from a queue that is reached in clear."""
    from portal.security.start import refuse_worker

    refuse_worker()


@worker_init.connect
def require_the_models(**_kwargs: object) -> None:
    """Before the recognition worker takes a photo: without its models it ends here. No library is loaded for it."""
    from django.conf import settings

    if settings.CONSENTRY_ROLE == "recognition":
        from recognition.engine import refusal

        refusal.require_models()


@worker_ready.connect
def load_the_model(**_kwargs: object) -> None:
    """Load the face model when the recognition worker is up, so that the first person does not wait.

    Its pool is solo: nothing forks afterwards, which a loaded TensorFlow would not survive.
    """
    from django.conf import settings

    if settings.CONSENTRY_ROLE == "recognition":
        from recognition.engine import refusal
        from recognition.engine.services import get_engine
        from recognition.engine.weights import WeightsError

        try:
            get_engine().warm_up()
        except WeightsError as error:  # the right bytes, or so somebody vouched, and yet no network
            refusal.end(refusal.of(error))
