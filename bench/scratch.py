"""The scratch stack of this run, for the rows that need a database: thrown away with everything in it."""

import os
import subprocess
import sys
import uuid

from portal.stack.layout import ROOT
from portal.stack.run import Stack

_stacks: list[Stack] = []


def use(stack: Stack) -> None:
    """Bring the scratch database up to date and become its recognition worker."""
    _stacks.append(stack)
    stack.manage("migrate", "--verbosity", "0")
    os.environ.update(stack.env("recognition"))


def owner_address() -> str:
    return _stacks[-1].env("owner")["DATABASE_URL_OWNER"]


def env(role: str) -> dict[str, str]:
    """The environment of a process of this role."""
    return _stacks[-1].env(role)


def house_of(count: int, *, dimension: int = 128) -> uuid.UUID:
    """Fill a property with so many enrolled people, as the owner of the database; return its id."""
    keys = {name: value for name, value in os.environ.items() if name.startswith("MASTER_KEY")}
    env = _stacks[-1].env("owner") | keys | {"DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    command = [sys.executable, "-m", "bench.fill", str(count), str(dimension)]
    done = subprocess.run(command, env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own module
    return uuid.UUID(done.stdout.split()[-1])
