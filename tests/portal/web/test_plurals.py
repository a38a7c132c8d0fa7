"""One is one: no English text says "1 receipts" or "1 working days left"."""

import ast
import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation

from portal.stack.layout import ROOT
from portal.web.reads import due
from portal.web.reads.todo import lede
from tenants.rights.kinds import ComplaintState, RequestKind, RequestState
from tenants.rights.models import Complaint, RightsRequest
from tests.architecture import source

TAG = re.compile(r"\{%-? blocktranslate ([^%]*)%\}(.*?)\{% endblocktranslate %\}", re.DOTALL)
# A number, perhaps one of these words, then a word in the plural.
COUNTED = re.compile(
    r"(?:%\((\w+)\)s|\{\{ (\w+) \}\}) (?:more |older |open |working |door )?(?:[a-z]+[^s\W]s|people|children)\b"
)
TODAY = date(2025, 6, 10)
GETTEXT = {"_", "gettext", "gettext_lazy"}
NO_NUMBERS = {"after", "before", "date", "handler", "method", "name", "number", "version", "who"}
# What is never one, with the reason.
NEVER_ONE = {
    "At least %(count)s characters.": "a password has twelve or more",
    "At most %(days)s days ahead.": "a bound of the product",
    "Please try again in {{ minutes }} minutes.": "the limits last a quarter of an hour or longer",
    "A face that has been stopped for %(days)s days is erased (PIPL 47).": "the grace is 30 days",
    "There are more than %(count)s rows. Split the file.": "a bound of the product",
    "There are %(most)s webhooks already. End one that is not used any more.": "a bound of the product",
    "At most %(count)s rows, as CSV (UTF-8 or GBK) or as a workbook. The first line names the columns; you say what "
    "each is if we do not know its name.": "a bound as well",
    "What the doors were told, kept for {{ days }} days. A code instead of a name, and no picture.": "30 at least",
    "Door events are kept {{ days }} days and lose the person when everything is erased. So older uses are not known "
    "any more, and that is what the law asks for.": "30 at least",
    "{{ shown }} of {{ total }} rows are shown, those not in order first.": "only a longer table is cut",
    "%(count)s devices were suspended: %(devices)s. The reason: %(reason)s.": "one device has a sentence of its own",
    "%(count)s devices use faces again, because every rule holds: %(devices)s.": "one device has its own",
    "%(count)s devices stop using faces at once: %(devices)s. The reason: %(reason)s.": "one device has its own",
}


def texts() -> Iterator[str]:
    """Every text of the pages that has one form only."""
    for file in sorted((ROOT / "templates").rglob("*.html")):
        for arguments, text in TAG.findall(file.read_text(encoding="utf-8")):
            if not re.search(r"\bcount \w+=", arguments):
                yield " ".join(text.split())
    for file in source.files("portal"):
        for node in ast.walk(source.parsed(file)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in GETTEXT and node.args:
                said = node.args[0]
                if isinstance(said, ast.Constant):
                    yield str(said.value)


def counts(text: str) -> bool:
    """Whether a number stands before a plural in it."""
    return any(set(found.groups()) - {None} - NO_NUMBERS for found in COUNTED.finditer(text))


def test_every_counted_thing_has_a_form_for_one() -> None:
    assert {text for text in texts() if counts(text)} - set(NEVER_ONE) == set()


def test_the_sweep_can_fail() -> None:
    assert counts("{{ count }} receipts are still missing") and counts("%(days)s working days left")
    assert not counts("Receipts that are missing: {{ count }}") and not counts("Your answer of {{ date }} holds.")


@pytest.mark.parametrize(
    ("due_on", "is_final", "said"),
    [
        (date(2025, 6, 11), True, "1 working day left"),
        (date(2025, 6, 12), True, "2 working days left"),
        (date(2025, 6, 11), False, "At least 1 working day left"),
        (date(2025, 6, 10), False, "Due today at the earliest"),
        (date(2025, 6, 9), True, "Overdue by 1 working day"),
        (date(2025, 6, 6), True, "Overdue by 2 working days"),
        (date(2025, 6, 9), False, "May be overdue"),
    ],
)
def test_a_clock_counts_one_day(due_on: date, is_final: bool, said: str) -> None:
    asked = RightsRequest(state=RequestState.CONFIRMED, kind=RequestKind.COPY, due_on=due_on, is_due_final=is_final)
    complained = Complaint(state=ComplaintState.RECEIVED, due_on=due_on, is_due_final=is_final)
    with translation.override("en"):
        assert due.request_clock(asked, TODAY)["text"] == due.complaint_clock(complained, TODAY)["text"] == said


def test_today_counts_one_thing() -> None:
    with translation.override("en"):
        assert lede([{"tone": "stop"}, {"tone": "due"}, {"tone": "due"}]) == (
            "1 thing stops faces at doors. 2 things wait for you. Everything else is in order."
        )
        assert lede([{"tone": "due"}]) == "1 thing waits for you. Everything else is in order."
        assert lede([]) == "Everything is in order. Nothing waits for you."
