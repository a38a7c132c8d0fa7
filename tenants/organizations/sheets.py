"""Tables that people keep in a spreadsheet, read cell by cell: which column is which fact, what a cell says. Pure."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

Columns = Mapping[str, tuple[str, ...]]
Rows = Sequence[tuple[int, Mapping[str, str]]]

# A spreadsheet would run a cell that begins like this. East Asian ones take the wide signs, too.
WIDE_FORMULA = ("＝", "＋", "－", "＠")
_FORMULA = ("=", "+", "-", "@", "|", "%", *WIDE_FORMULA)


class Unreadable(ValueError):
    """A cell that says nothing; the sentence is for the person who wrote it."""


@dataclass
class CheckedRow:
    """One row of a table: its number there, its cells, their values, and what is wrong with which of them."""

    number: int
    cells: Mapping[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.errors


@dataclass(frozen=True)
class Sheet:
    """One kind of table. `columns`: fact → its names, as exported first Chinese, then English; others are read too.

    An import passes over the columns `only_exported`, and refuses a table with a column whose name holds one of the
    words `refused`. Cells that no reader is named for are text.
    """

    columns: Columns
    needed: tuple[str, ...]
    max_rows: int
    readers: Mapping[str, Callable[[str], Any]]
    only_exported: Columns = field(default_factory=dict)
    refused: tuple[str, ...] = ()

    def columns_of(self, header: Sequence[str]) -> tuple[dict[str, int], list[str]]:
        """Return where each fact stands, and the names of columns that nobody knows or that come twice."""
        known = {**self.columns, **self.only_exported}
        names = {plain(text): fact for fact, texts in known.items() for text in (*texts, fact)}
        found: dict[str, int] = {}
        strange = []
        for place, text in enumerate(header):
            fact = names.get(plain(text))
            if fact is None or fact in found:
                strange.append(text)
            else:
                found[fact] = place
        return {fact: place for fact, place in found.items() if fact in self.columns}, strange

    def is_refused(self, name: str) -> bool:
        """Say whether a column of this name may not even stand in the table."""
        return any(word in plain(name) for word in self.refused)

    def read(self, fact: str, cell: str) -> Any:
        """Return the value of one cell, stripped. Raises Unreadable with a sentence."""
        text = cell.strip()
        if is_formula(text):
            raise Unreadable(_("A cell may not begin like a formula."))
        if any(unicodedata.category(sign) == "Cc" and sign not in "\n\r\t" for sign in text):
            raise Unreadable(_("The cell holds a sign that cannot be shown."))
        return self.readers.get(fact, str)(text)

    def read_row(self, number: int, cells: Mapping[str, str]) -> CheckedRow:
        """Return one row with the value of each of its cells, or what is wrong with it."""
        row = CheckedRow(number, cells)
        for fact in self.columns:
            try:
                row.values[fact] = self.read(fact, cells.get(fact, ""))
            except Unreadable as broken:
                row.errors.append((fact, broken.args[0]))
        row.errors += [(fact, _("This cell is needed.")) for fact in self.needed if row.values.get(fact) == ""]
        return row


def is_formula(cell: str) -> bool:
    """Say whether a spreadsheet would run this cell. A plain number is none, whatever its sign."""
    return cell.startswith(_FORMULA) and not re.fullmatch(r"[+-]?\d+(\.\d+)?", cell)


def choice(
    kinds: type[TextChoices], *, usual: str = "", words: Mapping[str, str] | None = None
) -> Callable[[str], str]:
    """Make a reader of a closed list. It knows each value, its label in both languages, and `words`."""

    @cache
    def known() -> dict[str, str]:
        """Every word for a value, whoever reads."""
        found = dict(words or {}) | {kind.value: kind.value for kind in kinds}
        for language in ("zh-hans", "en"):
            with override(language):
                found |= {str(kind.label): kind.value for kind in kinds}
        return {plain(word): value for word, value in found.items()}

    def of(text: str) -> str:
        value = known().get(plain(text)) if text else usual
        if value is None:
            raise Unreadable(_("This is none of the choices."))
        return value

    return of


def day(text: str) -> date | None:
    """Read a day as spreadsheets write it; an empty cell is none."""
    if not text:
        return None
    parts = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text, re.ASCII)
    try:
        return date(*(int(part) for part in parts.groups())) if parts else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise Unreadable(_("Write a day as 2026-09-30."))


def called(names: Sequence[str]) -> str:
    """Return a column's name in the reader's language: the Chinese one, or a translation of the English one."""
    chinese, english = names[:2]
    return chinese if (get_language() or "").startswith("zh") else gettext(english)


def plain(text: str) -> str:
    """Return a word without its case, spaces and width: “1：N” is “1:n”."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()
