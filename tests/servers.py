"""A pytest plugin: one real PostgreSQL and one real Valkey for the whole run.

Loaded by `-p tests.servers`, because pytest-django reads the settings before any conftest. The
controller of a parallel run starts the servers; its workers inherit their addresses. Nothing is
written durably, and nothing is left when the run ends, however it ends.
"""

import os
from collections.abc import Generator

import psycopg
import pytest

from portal.stack.postgres import Postgres
from portal.stack.preparation import compile_messages
from portal.stack.roles import OWNER, SUPERUSER
from portal.stack.run import Stack, inherited

STARTED = "CONSENTRY_TEST_SERVERS"
NEEDS_NO_SERVER = {"-h", "--help", "--version", "-V", "--markers", "--fixtures", "--collect-only", "--co"}


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> Generator[None, None, None]:
    """Runs around the hooks of the other plugins, so before pytest-django imports the settings."""
    if not os.environ.get(STARTED):
        if NEEDS_NO_SERVER.intersection(args):
            os.environ.update(placeholders())
        else:
            # Every run sees the same languages, whether a portal was started from this tree before or not.
            compile_messages()
            stack = Stack(processes=(), seed=False, prepare=False)
            stack.__enter__()
            early_config.add_cleanup(lambda: stop(stack))
            let_tests_empty_tables(stack)
            os.environ.update(addresses(stack))
    return (yield)


def let_tests_empty_tables(stack: Stack) -> None:
    """Allow the owner, on this server alone, to delete as a replica does: past foreign keys (commands/flush.py)."""
    [server] = [server for server in stack._servers if isinstance(server, Postgres)]
    with psycopg.connect(server.url(SUPERUSER)) as connection:
        connection.execute(f"GRANT SET ON PARAMETER session_replication_role TO {OWNER}")


def addresses(stack: Stack) -> dict[str, str]:
    """What the settings read. The tests are the owner and become the other roles by SET ROLE."""
    outside = inherited(os.environ)
    wanted = {"DJANGO_SETTINGS_MODULE": "portal.settings.test", "CONSENTRY_ROLE": "owner", STARTED: str(os.getpid())}
    for role in ("web", "recognition", "owner"):
        env = stack.env(role)
        wanted |= {name: env[name] for name in env if name not in outside and name not in wanted}
    # The face engine may use both cores only where it is measured.
    return wanted | {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1"}


def placeholders() -> dict[str, str]:
    """Addresses that let the settings load where nothing will be connected."""
    database = "postgresql://nobody@%2Fnowhere/nothing"
    return {
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "CONSENTRY_ROLE": "owner",
        "DATABASE_URL": database,
        "DATABASE_URL_OWNER": database,
        "DATABASE_URL_RECOGNITION": database,
        "BROKER_URL": "redis+socket:///nowhere?virtual_host=0",
        "CACHE_URL": "unix:///nowhere?db=1",
        "SECRET_KEY": "no-secret, and yet as long as one must be",
    }


def stop(stack: Stack) -> None:
    os.environ.pop(STARTED, None)
    stack.stop()
