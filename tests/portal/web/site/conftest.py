"""What the tests of staff pages share: a member's client and the address of a page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tests import factories


@pytest.fixture
def client(client: Client, owner: User) -> Client:
    """Signed in as the owner."""
    client.force_login(owner)
    return client


@pytest.fixture
def as_role(tenant: Property) -> Callable[[Role], Client]:
    """A client of a member in a role."""

    def sign_in(role: Role) -> Client:
        client = Client()
        client.force_login(factories.make_member(tenant, role))
        return client

    return sign_in


@pytest.fixture
def at(tenant: Property) -> Callable[..., str]:
    """The address of a page of the property."""

    def address(name: str, *rows: Any) -> str:
        enter_tenant(tenant.pk)
        return reverse(name, args=[tenant.slug, *(row.pk for row in rows)])

    return address


@pytest.fixture
def queries() -> Callable[[Callable[[], Any]], int]:
    """How many queries a call makes. The savepoint of a request in a test is the transaction of a real one."""

    def count(call: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as captured:
            call()
        return sum("SAVEPOINT" not in query["sql"] for query in captured.captured_queries)

    return count
