"""A person with a personal link, as the address in their hand."""

import pytest
from django.urls import reverse

from tenants.organizations.models import Property
from tenants.people.models import Person
from tenants.transparency.models import Notice
from tests import factories


class Own:
    """A person, and the addresses of their own pages."""

    def __init__(self, tenant: Property, **fields: object) -> None:
        self.tenant = tenant
        self.person: Person = factories.make_person(tenant, **fields)
        self.token = factories.make_link(tenant, self.person)

    def url(self, name: str = "me", *args: object) -> str:
        return reverse(name, args=[self.tenant.slug, self.token, *args])


@pytest.fixture(autouse=True)
def _english(client: object) -> None:
    client.cookies["django_language"] = "en"


@pytest.fixture
def notice(tenant: Property) -> Notice:
    factories.make_lawful(tenant)
    return Notice.objects.filter(tenant=tenant).current()


@pytest.fixture
def own(tenant: Property, notice: Notice) -> Own:
    return Own(tenant)
