"""Who acts where no member is signed in: a token, a terminal, a worker, a command. The log of changes says it.

A member is the log's own actor, whether by session or by a token of theirs, which is named here as well.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token

_current: ContextVar[str] = ContextVar("consentry_actor", default="")


def name(actor: str) -> Token[str]:
    """Say who acts from here on: "token:<id>", "device:<id>", "worker:<role>", "command:<name>", or nobody ("").

    The token takes it back (`forget`).
    """
    return _current.set(actor)


@contextmanager
def acting(actor: str) -> Iterator[None]:
    """Say who acts inside, whatever comes of it."""
    token = name(actor)
    try:
        yield
    finally:
        forget(token)


def forget(token: Token[str]) -> None:
    _current.reset(token)


def current() -> str:
    """Return who acts, "" when it is a member by session or somebody without an account."""
    return _current.get()


def said(data: dict[str, str]) -> dict[str, str]:
    """Add who acts to what the log keeps of a row."""
    return data | {"actor": actor} if (actor := current()) else data
