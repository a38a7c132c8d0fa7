"""The Celery application: two queues, one clock.

Tasks carry ids only. A photo, a template or a name in a message would stay in the broker after the
person has said no.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")

app = Celery("consentry")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
