"""Fixtures of this room."""

from collections.abc import Iterator

import pytest
from celery import Celery

from portal.celery import app


@pytest.fixture
def no_broker() -> Iterator[None]:
    """The queue cannot be reached."""
    down = Celery("down")
    down.config_from_object("django.conf:settings", namespace="CELERY")
    down.conf.broker_url = down.conf.result_backend = "redis+socket:///nowhere/valkey.sock"
    down.set_current()
    yield
    down.close()
    app.set_current()
