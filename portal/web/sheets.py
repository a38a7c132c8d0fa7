"""Tables as files: read whatever a spreadsheet saves, as CSV or as a workbook; write CSV that no spreadsheet runs."""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from defusedcsv import csv
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.web import workbooks
from tenants.organizations.sheets import WIDE_FORMULA

MAX_BYTES = 4_000_000
# Chinese spreadsheets save GBK, of which GB18030 is the whole; newer ones UTF-8, with or without a mark.
ENCODINGS = ("utf-8-sig", "gb18030")


def parse(data: bytes, *, max_rows: int) -> list[list[str]]:
    """Return the lines of a table, the header first, empty lines left out; each with its number before its cells.

    The first cell of every list is the number of the line in the file. Raises ValidationError: `empty`,
    `too_large`, `not_a_table`, `too_many_rows`.
    """
    if not data.strip():
        raise ValidationError(_("The file is empty."), code="empty")
    if len(data) > MAX_BYTES:
        raise ValidationError(_("The file is too large (4 MB)."), code="too_large")
    rows = enumerate(workbooks.read(data), start=1) if data.startswith(workbooks.START) else _csv_rows(data)
    lines: list[list[str]] = []
    for number, cells in rows:
        if any(cell.strip() for cell in cells):
            lines.append([str(number), *_without_tail([cell.strip() for cell in cells])])
        if len(lines) > max_rows + 1:
            raise ValidationError(
                _("There are more than %(count)s rows. Split the file."),
                code="too_many_rows",
                params={"count": f"{max_rows:,}"},
            )
    if not lines:
        raise ValidationError(_("The file is empty."), code="empty")
    return lines


def write(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a table as CSV. With a byte order mark, so that a Chinese spreadsheet shows Chinese."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(header)
    writer.writerows([_disarmed(cell) for cell in row] for row in rows)
    return ("\ufeff" + written.getvalue()).encode()


def answer(name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return a download."""
    return HttpResponse(
        write(header, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "private, no-store"},
    )


def _csv_rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(data)
    first = text.lstrip().split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",\t;", key=first.count))
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise _no_table() from error


def _without_tail(cells: list[str]) -> list[str]:
    """Leave out the empty cells at the end, which spreadsheets write for columns that were used once."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _disarmed(cell: Any) -> Any:
    """Keep a cell from being run where defusedcsv passes it: wide signs, and what only looks empty at its beginning.

    Nothing is an empty cell, and a moment is Beijing's.
    """
    if isinstance(cell, datetime):
        return timezone.localtime(cell).strftime("%Y-%m-%d %H:%M:%S")
    if cell is None:
        return ""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith((*WIDE_FORMULA, "\t", "\r", "\n")) else cell


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ENCODINGS
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _no_table()


def _no_table() -> ValidationError:
    return ValidationError(_("This is not a table that can be read. Save it as CSV."), code="not_a_table")
