"""What a log never holds: the secrets that stand in addresses, and the values that an error quotes.

Django logs the path of a refused request; on personal pages the path is the key. PostgreSQL says of a broken
constraint which row broke it ("Failing row contains (…, a name, a phone)"). A log is no store of personal data:
no erasure reaches it. So every handler of every process has this formatter (portal/settings, portal/celery,
portal/weblog).
"""

import copy
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from smtplib import SMTPException
from types import TracebackType

import kombu.exceptions
import psycopg
import redis
from django.core.exceptions import ImproperlyConfigured

_SECRET = re.compile(
    r"(/accounts/(?:invitation|password/reset/key)/|/p/[^/\s]+/(?:me|register|requests|complaints)/"
    r"|/public/[^/\s]+/(?:requests|complaints)/)[^/\s?]+"
    r"|\bcst_[\w-]{8,}"  # an API token, which stands in no address of ours, but somebody will put it into one
)
_DETAIL = re.compile(r"\b(DETAIL|CONTEXT):.*", re.DOTALL)
_LINE_ENDS = {ord(end): repr(end)[1:-1] for end in "\r\n\v\f\x1b\x85\u2028\u2029"}
_BAD_VALUE = "22"  # the class of SQLSTATE whose messages quote the value itself
# Errors of the machine, not of what somebody wrote: only their texts are worth the risk.
_OF_THE_MACHINE = (
    AttributeError, ImportError, NameError, ImproperlyConfigured, redis.RedisError, kombu.exceptions.OperationalError,
)  # fmt: skip


def redact(text: str) -> str:
    """Replace the secret part of any address in a text by dots."""
    return _SECRET.sub(r"\1…", text)


def describe(error: BaseException) -> str:
    """The class of an error, and its text where that cannot quote a person; the traceback shows the rest."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return f"{name}: {_text(error) or '(its text is not logged)'}"


def _text(error: BaseException) -> str:
    cause = error.__cause__  # Django wraps the database's own error
    for known in (error, cause):
        if isinstance(known, psycopg.Error):
            return _of_the_database(known)
    if isinstance(error, OSError) and not isinstance(error, SMTPException):  # that one quotes the address written to
        return " ".join(str(part) for part in (error.errno, error.strerror, error.filename) if part)
    return str(error) if isinstance(error, _OF_THE_MACHINE) else ""


def _of_the_database(error: psycopg.Error) -> str:
    """Without DETAIL and CONTEXT, which quote rows, and without a message that quotes a value."""
    said = error.diag
    if said.sqlstate:
        return said.sqlstate if said.sqlstate.startswith(_BAD_VALUE) else f"{said.sqlstate} {said.message_primary}"
    return str(error) if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) else ""


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what led to it, the first cause last."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def lines_of(error: BaseException) -> str:
    """A traceback in the usual order: files, lines and code, never a value."""
    parts = []
    for one in reversed(list(_chain(error))):
        frames = "".join(traceback.format_tb(one.__traceback__))
        parts.append(f"Traceback (most recent call last):\n{frames}{describe(one)}")
    return "\n\n".join(parts)


class RedactingFormatter(logging.Formatter):
    """Formats as usual, without secrets of addresses and without what errors quote. It changes no record.

    A message is one line, so that nobody's text looks like an entry of its own; times name their zone.
    """

    def format(self, record: logging.LogRecord) -> str:
        record = copy.copy(record)  # another handler may want it as it was
        record.msg, record.args = _message(record), None
        record.exc_text = None  # another formatter may have left its own here
        return redact(super().format(record))

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """The same form in every log, whatever its maker asks for: logs of several machines are read together."""
        return datetime.fromtimestamp(record.created, tz=UTC).astimezone().isoformat(timespec="milliseconds")

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        return lines_of(ei[1]) if ei[1] is not None else ""


def _message(record: logging.LogRecord) -> str:
    """The finished message. An error among its values, or quoted in it by its caller, is described instead."""
    plain = copy.copy(record)
    plain.msg = _plain(record.msg)
    if isinstance(record.args, Mapping):
        plain.args = {name: _plain(value) for name, value in record.args.items()}
    elif record.args:
        plain.args = tuple(_plain(value) for value in record.args)
    text = plain.getMessage()
    for error in _chain(record.exc_info[1] if record.exc_info else None):
        for quoted in (repr(error), str(error)):
            text = text.replace(quoted, describe(error)) if quoted else text
    return _DETAIL.sub(r"\1: …", text).translate(_LINE_ENDS)


def _plain(value: object) -> object:
    return describe(value) if isinstance(value, BaseException) else value


def guard_uncaught() -> None:
    """What ends a command or a thread is printed in the same way: the stack keeps what its processes print."""
    sys.excepthook = lambda _kind, error, _trace: _print(error)
    threading.excepthook = lambda about: _print(about.exc_value)


def _print(error: BaseException | None) -> None:
    if error is not None:
        sys.stderr.write(f"{lines_of(error)}\n")
