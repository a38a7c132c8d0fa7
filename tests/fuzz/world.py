"""Who knocks, each at a property of their own: nothing that one of them ends is missing to another."""

from typing import cast

from portal.security import tokens
from tenants.organizations.access import permissions_of
from tenants.organizations.models import User
from tenants.organizations.roles import Role
from tests import factories
from tests.architecture.rows import Rows
from tests.architecture.rows import fill as fill_rows
from tests.filled import committed
from tests.fuzz import callers
from tests.terminals import Terminal

ANONYMOUS, PLATFORM, TERMINAL, TOKEN = "anonymous", "platform", "terminal", "token"
CALLERS = (ANONYMOUS, *[role.value for role in Role], TOKEN, PLATFORM, TERMINAL)


def fill(name: str) -> Rows:
    """A property with a row of everything, committed."""
    with committed():
        return fill_rows(factories.make_property(slug=name.replace("_", "-")))


def caller(name: str, url: str, ours: Rows) -> callers.Caller:
    """Whoever it is, at this property."""
    if name == ANONYMOUS:
        return callers.nobody()
    if name == TERMINAL:
        return callers.terminal(cast(Terminal, ours.ids[TERMINAL]))
    if name == TOKEN:
        return callers.program(_token(ours))
    with committed("owner" if name == PLATFORM else "web"):
        if name == PLATFORM:
            email = User.objects.create_superuser("platform@example.com", factories.PASSWORD).email
        else:
            email = factories.make_member(ours.tenant, Role(name)).email
    return callers.member(name, url, email=email, password=factories.PASSWORD)


def _token(ours: Rows) -> str:
    """The widest token that there can be: an owner's, with every right that any token may have."""
    with committed():
        owner = factories.make_member(ours.tenant, Role.OWNER)
        scopes = tokens.may_give(permissions_of(user=owner, tenant=ours.tenant))
        _row, text = tokens.issue(tenant=ours.tenant, actor=owner, name="fuzz", scopes=scopes)
    return text
