"""A scratch stack whose web server runs as in production, filled by the services from this very process.

What fills it runs with the settings of the tests and as the owner of the database, which becomes the other roles by
SET ROLE, as in any test; the web server has its own role and the settings that it is given.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import django
from django.db import connection, transaction

from portal.stack.run import Stack
from tests.servers import addresses


@contextmanager
def filled_stack(outer: Mapping[str, str]) -> Iterator[Stack]:
    """PostgreSQL, Valkey and the web server with an empty portal; afterwards this process may import models.

    Once a process: Django cannot be set up twice.
    """
    with Stack(processes=("web",), seed=False, outer=outer) as stack:
        os.environ.update(addresses(stack))
        django.setup()
        yield stack


@contextmanager
def committed(role: str = "web") -> Iterator[None]:
    """Make rows as this role, for the web server to see."""
    from tests.roles import database_role  # once Django is set up

    with database_role(role), transaction.atomic():
        yield
        connection.run_on_commit.clear()  # no worker is there to be told
