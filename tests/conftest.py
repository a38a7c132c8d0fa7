"""Fixtures for every test: the web role, and one small property."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.utils.translation import override
from pytest_django import Settings

from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tests import factories
from tests.roles import database_role


@pytest.fixture(autouse=True)
def _language(settings: Settings) -> Iterator[None]:
    """Every test begins in Chinese: a page of the test before has left its reader's language behind."""
    with override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _web_role(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that touches the database does so as the web role, as pages and the API do."""
    marker = request.node.get_closest_marker("django_db")
    wanted = {"db", "transactional_db"} & set(request.fixturenames)
    if marker is None and not wanted:
        yield
        return
    is_transactional = "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction"))
    request.getfixturevalue("transactional_db" if is_transactional else "db")
    cache.clear()
    with database_role("web"):
        yield


@pytest.fixture
def tenant(db: None) -> Property:
    """A compound in portal mode, its context entered."""
    return factories.make_property()


@pytest.fixture
def owner(tenant: Property) -> User:
    return factories.make_member(tenant, Role.OWNER)
