"""No secret of an address and no value that an error quotes reaches a log, of whichever process."""

import logging
import os
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from celery import Celery, signals
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from portal.celery import app
from portal.redaction import RedactingFormatter, describe, lines_of
from portal.stack import processes
from portal.stack.layout import ROOT
from portal.stack.run import Stack
from tenants.organizations.models import Property, User

NAME, PHONE = "金丝雀甲", "13955557777"
logger = logging.getLogger("tenants.rights.sweeps")


@pytest.fixture
def written() -> Iterator[StringIO]:
    """What the handler of the settings writes while a test runs."""
    handler = next(h for h in logging.getLogger().handlers if isinstance(h.formatter, RedactingFormatter))
    assert isinstance(handler, logging.StreamHandler)
    stream = StringIO()
    before = handler.setStream(stream)
    yield stream
    handler.setStream(before)


def broken_row() -> Exception:
    """A real refusal of PostgreSQL that quotes the row; of a table without row-level security, which hides more."""
    User.objects.create(email=f"{PHONE}@{NAME}.cn")
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        User.objects.create(email=f"{PHONE}@{NAME}.cn")
    return caught.value


def wrong_value() -> Exception:
    """A real refusal of PostgreSQL whose first sentence quotes the value."""
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s::text::uuid", [NAME])
    return caught.value


def is_clean(text: str) -> bool:
    return NAME not in text and PHONE not in text and ascii(NAME).strip("'") not in text


@pytest.mark.parametrize(
    "path",
    [
        "/p/palm-bay/me/SECRET-1/consent/recognition/",
        "/p/palm-bay/register/SECRET-1/",
        "/p/palm-bay/requests/SECRET-1/",
        "/p/palm-bay/requests/SECRET-1/package/",
        "/p/palm-bay/complaints/SECRET-1/sent/",
        "/api/v1/public/palm-bay/requests/SECRET-1/package/",
        "/api/v1/properties/palm-bay/zones/?token=cst_A1-SECRET-1",
    ],
)
def test_the_secret_of_an_address_is_not_logged(path: str) -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Forbidden: %s", (path,), None)
    line = RedactingFormatter().format(record)
    assert "SECRET-1" not in line and "palm-bay" in line


def test_a_row_that_broke_a_constraint_is_not_logged(tenant: Property, written: StringIO) -> None:
    error = broken_row()
    assert NAME in str(error) and PHONE in str(error), "PostgreSQL quotes the row, or this test shows nothing"
    try:
        raise error
    except DatabaseError as caught:
        logger.exception("The sweep went on.")
        logger.exception("The sweep went on after %s: %r", caught, caught)
        logger.error(f"It said: {caught}")
    text = written.getvalue()
    assert "23505" in text and "organizations_user_email" in text and "test_redaction.py" in text, text
    assert is_clean(text), text


def test_a_value_that_the_database_refused_is_not_logged(tenant: Property, written: StringIO) -> None:
    error = wrong_value()
    assert NAME in str(error)
    logger.error("failed", exc_info=error)
    assert "22P02" in written.getvalue() and is_clean(written.getvalue())


def test_a_task_that_fails_writes_no_value(tenant: Property, written: StringIO) -> None:
    error = broken_row()
    worker = Celery("tests.redaction", set_as_current=False)

    @worker.task(name="tests.fails")
    def fails() -> None:
        raise error

    fails.apply()
    assert "raised unexpected" in written.getvalue() and is_clean(written.getvalue()), written.getvalue()


@pytest.mark.parametrize(
    "error",
    [
        KeyError(NAME),
        ValueError(f"invalid literal for int() with base 10: '{PHONE}'"),
        TypeError(f"Field 'id' expected a number but got {NAME!r}."),
        ValidationError({"phone": [f"{PHONE} belongs to {NAME}"]}),
        smtplib.SMTPRecipientsRefused({f"{PHONE}@example.com": (550, b"no")}),
    ],
    ids=lambda error: type(error).__name__,
)
def test_no_other_error_quotes_what_somebody_wrote(error: Exception) -> None:
    try:
        raise RuntimeError(NAME) from error
    except RuntimeError as caught:
        text = lines_of(caught)
    assert is_clean(text) and type(error).__name__ in text and "RuntimeError" in text, text


def test_the_cause_of_a_failed_machine_is_logged() -> None:
    """Who keeps a portal running must learn from the log what to mend."""
    with pytest.raises(FileNotFoundError) as absent:
        Path("/nowhere/ledger").read_text()
    assert describe(absent.value) == "FileNotFoundError: 2 No such file or directory /nowhere/ledger"
    with pytest.raises(psycopg.OperationalError) as down:
        psycopg.connect("postgresql://nobody@127.0.0.1:1/nothing")
    assert "refused" in describe(down.value)


def test_a_record_is_left_as_it_was_for_other_handlers(tenant: Property) -> None:
    error = wrong_value()
    record = logging.LogRecord("x", logging.ERROR, "", 0, "it: %s", (error,), (type(error), error, None))
    logging.Formatter().format(record)  # another formatter leaves its own text of the error behind
    assert is_clean(RedactingFormatter().format(record))
    assert record.args == (error,)


def started(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True, timeout=60
    )


EVERY_HANDLER = """
import logging
names = [None, *logging.root.manager.loggerDict]
handlers = {h for name in names for h in logging.getLogger(name).handlers if not isinstance(h, logging.NullHandler)}
assert handlers, 'nothing is logged'
print({type(handler.formatter).__name__ for handler in handlers})
"""
SET_UP = {
    "command": "import django; django.setup()",
    "web": "import django; django.setup()\nfrom gunicorn.config import Config\nfrom gunicorn.util import load_class\n"
    "cfg = Config(); cfg.set('accesslog', '-')\nload_class({logger!r})(cfg)",
    "workers and beat": "import django; django.setup()\nfrom portal.celery import app\n"
    "app.log.setup(loglevel='INFO', redirect_stdouts=True)",
}


@pytest.mark.parametrize("process", SET_UP)
def test_every_handler_of_every_process_has_the_formatter(process: str) -> None:
    line = processes.command("web", host="127.0.0.1", port=1, run=ROOT)
    code = SET_UP[process].format(logger=line[line.index("--logger-class") + 1])
    assert started(code + EVERY_HANDLER).stdout.strip() == "{'RedactingFormatter'}"


def test_the_application_of_celery_leaves_the_logging_to_the_settings() -> None:
    assert signals.setup_logging.has_listeners() and app.conf.task_ignore_result


def test_what_ends_a_command_or_a_thread_is_printed_without_values() -> None:
    code = (
        "import threading\nfrom portal.redaction import guard_uncaught\nguard_uncaught()\n"
        f"def fail(): raise ValueError({NAME!r}[:])\n"
        "thread = threading.Thread(target=fail); thread.start(); thread.join()\nfail()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 1 and ended.stderr.count("ValueError") == 2 and is_clean(ended.stderr), ended.stderr


# Each is answered by an error that quotes its values.
REFUSED = (
    "INSERT INTO held VALUES ('金丝雀甲', NULL)",
    "INSERT INTO held VALUES ('金丝雀甲', '13955557777'), ('金丝雀甲', '13955557777')",
    "SELECT '金丝雀甲'::uuid",
)


@pytest.mark.stack
def test_the_log_of_the_database_server_quotes_nobody() -> None:
    """Whichever role is refused, with whatever statement."""
    with Stack(processes=(), seed=False, prepare=False) as stack:
        with psycopg.connect(stack.services.databases["owner"], autocommit=True) as owner:
            owner.execute("CREATE TABLE held (name text UNIQUE, phone text NOT NULL)")
            owner.execute("GRANT INSERT, SELECT ON held TO PUBLIC")
        for address in stack.services.databases.values():
            with psycopg.connect(address, autocommit=True) as session:
                for statement in REFUSED:
                    with pytest.raises(psycopg.DatabaseError, match=NAME):
                        session.execute(statement)
        log = (stack.layout.log / "postgres.log").read_text()
    assert "ready to accept connections" in log and is_clean(log), log
