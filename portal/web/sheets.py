"""Tables as CSV files: read whatever a spreadsheet saves, write what no spreadsheet runs."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from defusedcsv import csv
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

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
    text = _decoded(data)
    first = text.lstrip().split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",\t;", key=first.count))
    lines: list[list[str]] = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append([str(reader.line_num), *_without_tail([cell.strip() for cell in cells])])
            if len(lines) > max_rows + 1:
                raise ValidationError(
                    _("There are more than %(count)s rows. Split the file."),
                    code="too_many_rows",
                    params={"count": f"{max_rows:,}"},
                )
    except csv.Error as error:
        raise _no_table() from error
    if not lines:
        raise ValidationError(_("The file is empty."), code="empty")
    return lines


def answer(name: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return a download. With a byte order mark, so that a Chinese spreadsheet shows Chinese."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(header)
    writer.writerows([_disarmed(cell) for cell in row] for row in rows)
    return HttpResponse(
        "\ufeff" + written.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "private, no-store"},
    )


def _without_tail(cells: list[str]) -> list[str]:
    """Leave out the empty cells at the end, which spreadsheets write for columns that were used once."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _disarmed(cell: Any) -> Any:
    """Keep a cell from being run where defusedcsv passes it: wide signs, and what only looks empty at its beginning."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith((*WIDE_FORMULA, "\t", "\r", "\n")) else cell


def _decoded(data: bytes) -> str:
    if data.startswith(b"PK\x03\x04"):
        raise ValidationError(_("This is a workbook. Save it as CSV first."), code="not_a_table")
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
