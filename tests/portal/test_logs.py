"""What a line of a log says of itself: when, with its zone, and that it is one line."""

import logging
import re
from io import StringIO

import pytest

from portal.redaction import RedactingFormatter

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def line(message: str, *args: object) -> str:
    record = logging.LogRecord("portal.limits", logging.WARNING, __file__, 1, message, args, None)
    return RedactingFormatter(FORMAT).format(record)


def test_a_time_names_its_zone() -> None:
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d WARNING portal\.limits ", line("Full"))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\v", "\f", "\x1b", "\x85", "\u2028", "\u2029"])
def test_what_somebody_wrote_begins_no_entry_of_its_own(end: str) -> None:
    forged = line("Not found: %s", f"/p/x{end}2026-01-01T00:00:00.000+08:00 INFO portal.limits All is well")
    assert end not in forged and len(forged.splitlines()) == 1


def test_the_handler_of_the_settings_writes_so() -> None:
    handler = next(h for h in logging.getLogger().handlers if isinstance(h.formatter, RedactingFormatter))
    assert isinstance(handler, logging.StreamHandler)
    before, stream = handler.stream, StringIO()
    handler.setStream(stream)
    try:
        logging.getLogger("portal.limits").warning("one\ntwo")
    finally:
        handler.setStream(before)
    (written,) = stream.getvalue().splitlines()
    assert re.match(r"\S+[+-]\d\d:\d\d ", written) and written.endswith("one\\ntwo")
