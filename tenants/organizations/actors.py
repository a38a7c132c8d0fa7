"""Who acts where no member is signed in: a terminal, a worker, a command. The log of changes says it beside its tenant.

A member is the log's own actor, whether by session or by token (portal/settings: AuditlogMiddleware).
"""

from contextvars import ContextVar, Token

_current: ContextVar[str] = ContextVar("consentry_actor", default="")


def name(actor: str) -> Token[str]:
    """Say who acts from here on: "device:<id>", "worker:<role>", "command:<name>", or nobody in particular ("").

    The token takes it back (`forget`).
    """
    return _current.set(actor)


def forget(token: Token[str]) -> None:
    _current.reset(token)


def current() -> str:
    """Return who acts, "" when it is a member or somebody without an account."""
    return _current.get()


def said(data: dict[str, str]) -> dict[str, str]:
    """Add who acts to what the log keeps of a row."""
    return data | {"actor": actor} if (actor := current()) else data
