"""Fixtures for every test: a database, the web role, and one small property."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils.translation import override
from pytest_django import DjangoDbBlocker, Settings
from xdist.scheduler import LoadScopeScheduling

from portal.stack.schema import taking_schema
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tests import factories

# Here and not beside the journeys: the process that gathers the results of several reads this file alone.
from tests.browser.summary import pytest_terminal_summary  # noqa: F401 - a hook
from tests.roles import database_role

# Long by what they do, file by file: races, whole lives, real processes, other people's services. `make test-fast` does
# without them; `make test` does not.
SLOW_FILES = {
    "portal/accounts", "portal/admin", "portal/api/test_captured_requests.py", "portal/api/test_orders.py",
    "portal/api/test_refusals.py", "portal/api/test_schema.py", "portal/api/test_signatures.py",
    "portal/api/test_terminals.py", "portal/log_words", "portal/operations",
    "portal/security/detection/test_ordinary_day.py", "portal/security/detection/test_rings.py",
    "portal/security/test_audit_rewritten.py", "portal/security/test_backups.py", "portal/security/test_deploy.py",
    "portal/test_sign_in.py", "recognition/edge/agent/test_process.py", "recognition/edge/test_copies.py",
    "recognition/edge/test_enrolling.py", "recognition/edge/test_losses.py", "recognition/edge/test_receipts.py",
    "recognition/engine/test_bad_input.py", "recognition/engine/test_refusal.py",
    "recognition/enrollment/test_batches.py", "recognition/enrollment/test_jobs.py",
    "recognition/matching/test_jobs.py", "recognition/vault/test_rotation.py", "tenants/clearance/test_consequences.py",
    "tenants/clearance/test_histories.py", "tenants/rights/test_bundles.py", "tenants/rights/test_certificates.py",
    "tenants/rights/test_many.py", "tenants/rights/test_many_in_turn.py", "tenants/rights/test_package_contents.py",
    "tenants/rights/test_passes_through_everything.py", "tenants/rights/test_replacing.py",
    "tenants/rights/test_replaying.py", "tenants/rights/test_request_histories.py",
    "tenants/rights/test_sweep_turns.py",
}  # fmt: skip
HERE = Path(__file__).parent


class ByFile(LoadScopeScheduling):
    """A file stays with one process, which makes once what its tests share; and so does all of the browser."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "tests/browser" if file.startswith("tests/browser/") else file


@pytest.hookimpl
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow."""
    for item in items:
        path = item.path.relative_to(HERE) if item.path.is_relative_to(HERE) else item.path
        named = {str(path), str(path.parent)} & SLOW_FILES
        if named or path.name in {"test_at_once.py", "test_assessments_at_once.py"}:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> None:
    """A database for each test process, in place of pytest-django's: the first process migrates, the others copy.

    It goes with its server, when the run ends.
    """
    server = os.environ["DATABASE_URL_OWNER"]
    name = f"test_{connection.settings_dict['NAME']}_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}"
    with psycopg.connect(server, autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {name}")
    connection.settings_dict["NAME"] = name
    with taking_schema(f"{server.rpartition('/')[0]}/{name}") as is_kept:
        if not is_kept:
            with django_db_blocker.unblock():
                call_command("migrate", verbosity=0)


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
