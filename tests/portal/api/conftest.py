"""A caller of the API: a member with a session, or nobody."""

from collections.abc import Callable, Iterator

import pytest
from celery import Celery
from celery.signals import task_postrun, task_prerun
from pytest_django import Settings
from rest_framework.test import APIClient

from portal.celery import app
from tenants.organizations.models import Property, User
from tests.portal.api import listed
from tests.roles import database_role

Caller = Callable[[User | None], APIClient]


@pytest.fixture(autouse=True)
def every_refusal_is_listed(settings: Settings) -> Iterator[None]:
    """Whatever a test of the API is about: its refusals are those that the OpenAPI document lists."""
    settings.MIDDLEWARE = ["tests.portal.api.listed.Listed", *settings.MIDDLEWARE]
    listed.unlisted.clear()
    yield
    assert listed.unlisted == [], "Write them anew: python -m tests.portal.api.refusals"


@pytest.fixture
def caller() -> Caller:
    def sign_in(user: User | None = None) -> APIClient:
        client = APIClient(HTTP_ACCEPT_LANGUAGE="en")
        if user is not None:
            client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def api(caller: Caller, owner: User) -> APIClient:
    return caller(owner)


@pytest.fixture
def base(tenant: Property) -> str:
    return f"/api/v1/properties/{tenant.slug}/"


@pytest.fixture
def worker() -> Iterator[None]:
    """A recognition worker that takes up each task at once, under its own database role."""
    roles = []

    def enter(**_kwargs: object) -> None:
        roles.append(database_role("recognition"))
        roles[-1].__enter__()

    def leave(**_kwargs: object) -> None:
        roles.pop().__exit__(None, None, None)

    app.conf.task_always_eager = True
    task_prerun.connect(enter)
    task_postrun.connect(leave)
    yield
    task_prerun.disconnect(enter)
    task_postrun.disconnect(leave)
    app.conf.task_always_eager = False


@pytest.fixture
def no_broker() -> Iterator[None]:
    """The queue and its result store cannot be reached."""
    down = Celery("down")
    down.config_from_object("django.conf:settings", namespace="CELERY")
    down.conf.broker_url = down.conf.result_backend = "redis+socket:///nowhere/valkey.sock"
    down.set_current()
    yield
    down.close()
    app.set_current()
