"""A client signed in with any role, and addresses of this part."""

from collections.abc import Callable, Iterator

import pytest
from celery import Celery
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.celery import app
from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tests import factories


@pytest.fixture
def sign_in(tenant: Property) -> Callable[[Role], Client]:
    def with_role(role: Role) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(factories.make_member(tenant, role))
        return client

    return with_role


@pytest.fixture
def manager(sign_in: Callable[[Role], Client]) -> Client:
    return sign_in(Role.MANAGER)


@pytest.fixture
def desk(sign_in: Callable[[Role], Client]) -> Client:
    return sign_in(Role.FRONT_DESK)


@pytest.fixture
def address(tenant: Property) -> Callable[..., str]:
    return lambda name, *args: reverse(name, args=[tenant.slug, *args])


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


@pytest.fixture
def count_queries() -> Callable[[Client, str], int]:
    """How many questions a page asks the database; the savepoint of the test itself is none."""

    def count(client: Client, url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return sum("SAVEPOINT" not in query["sql"] for query in captured.captured_queries)

    return count
