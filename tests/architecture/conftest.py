"""Two properties with a row of everything, made once for each file: the sweeps look at them in many ways."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from tests.architecture.rows import Rows, fill
from tests.roles import database_role


class Two(NamedTuple):
    ours: Rows
    foreign: Rows


@pytest.fixture(scope="module")
def two(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Two]:
    """Committed, so that each test may undo its own changes; emptied after the file."""
    with django_db_blocker.unblock():
        try:
            with database_role("web"), transaction.atomic():
                rows = Two(fill(), fill())
                connection.run_on_commit.clear()  # no worker is there to be told
            yield rows
        finally:
            call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def ours(two: Two) -> Rows:
    return two.ours


@pytest.fixture
def foreign(two: Two) -> Rows:
    return two.foreign
