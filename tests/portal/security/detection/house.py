"""A property with an owner at a browser, in which the scenes play."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.security.detection.naming import hashed
from tenants.organizations.models import Property, User
from tenants.organizations.scoping import tenant_context
from tenants.people.models import Person
from tests import factories
from tests.terminals import Terminal, paired

LOGIN, HEARTBEAT = "/accounts/login/", "/api/v1/device/heartbeat/"
HERE = f"address:{hashed('127.0.0.1')}"


@dataclass
class House:
    """A property, its owner, and the owner's browser."""

    tenant: Property
    owner: User
    client: Client
    patch: pytest.MonkeyPatch
    committed: Callable[..., Any]

    def url(self, name: str, *args: object) -> str:
        return reverse(name, args=[self.tenant.slug, *args])

    def get(self, name: str, *args: object) -> int:
        return self.client.get(self.url(name, *args)).status_code

    def people(self, count: int) -> list[Person]:
        with tenant_context(self.tenant.pk):
            return [factories.make_person(self.tenant) for _one in range(count)]

    def terminal(self) -> tuple[str, Terminal]:
        with tenant_context(self.tenant.pk):
            device, code = factories.make_active_device(self.tenant)
        return f"device:{device.pk}", paired(code, Client(raise_request_exception=False))


Scene = Callable[[House], Iterator[str]]
