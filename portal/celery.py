"""The Celery application: two queues, one clock.

Tasks carry ids only. A photo, a template or a name in a message would stay in the broker after the
person has said no.
"""

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")

app = Celery("consentry")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def load_the_model(**_kwargs: object) -> None:
    """Load the face model when the recognition worker is up, so that the first person does not wait.

    Its pool is solo: nothing forks afterwards, which a loaded TensorFlow would not survive.
    """
    from django.conf import settings

    if settings.CONSENTRY_ROLE == "recognition":
        from recognition.engine.services import get_engine

        get_engine().warm_up()
