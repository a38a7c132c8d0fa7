"""Workbooks (XLSX): written in memory, where nothing is a formula; read row by row, bounded, whatever is in them."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from xlsxwriter import Workbook

START = b"PK\x03\x04"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_UNPACKED, MAX_PARTS, MAX_COLUMNS = 60_000_000, 1_000, 60
_LONGEST = 32_000  # a cell holds 32,767 signs
# Everything a string would become by itself: a formula, a link, a number.
_PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
# What the two libraries raise over a damaged file; broken XML is a SyntaxError, and XML with entities a ValueError.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, IndexError, AttributeError, OSError, EOFError,
    NotImplementedError, RuntimeError, SyntaxError,
)  # fmt: skip


def write(title: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a workbook with one sheet. In memory: a list of names never lies on the disk."""
    target = io.BytesIO()
    book = Workbook(target, _PLAIN)
    sheet = book.add_worksheet(_sheet_name(title))
    bold, day, moment = (
        book.add_format(how)
        for how in ({"bold": True}, {"num_format": "yyyy-mm-dd"}, {"num_format": "yyyy-mm-dd hh:mm:ss"})
    )
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(header) - 1, 0), 18)
    for place, name in enumerate(header):
        sheet.write_string(0, place, str(name), bold)
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, datetime):
                naive = timezone.localtime(cell).replace(tzinfo=None, microsecond=0)
                sheet.write_datetime(number, place, naive, moment)
            elif isinstance(cell, date):
                sheet.write_datetime(number, place, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001 - a day
            elif isinstance(cell, int) and not isinstance(cell, bool):
                sheet.write_number(number, place, cell)
            elif cell not in (None, ""):
                sheet.write_string(number, place, str(cell)[:_LONGEST])
    book.close()
    return target.getvalue()


def read(data: bytes) -> Iterator[list[str]]:
    """Yield the rows of the first sheet as text, empty ones as empty lists. Raises ValidationError: `not_a_table`."""
    # It brings numpy along wherever that is installed; a web process loads it with the first workbook that comes in.
    from openpyxl import load_workbook

    try:
        _require_small(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for cells in book.worksheets[0].iter_rows(max_col=MAX_COLUMNS, values_only=True):
            yield [_text(cell) for cell in cells]
    except _DAMAGED as error:
        raise ValidationError(
            _("This workbook cannot be read. Save it again, or as CSV."), code="not_a_table"
        ) from error


def _require_small(data: bytes) -> None:
    """A workbook is a zip, which can claim to be anything. Raises ValueError."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise ValueError("This workbook is too large when it is unpacked.")


def _text(cell: Any) -> str:
    """Say a cell as the spreadsheet shows it: a day without its midnight, a whole number without its point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute or cell.second) else cell.isoformat(" ")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _sheet_name(title: str) -> str:
    """A sheet's name has at most 31 signs and none of these."""
    return "".join(sign for sign in title if sign not in "[]:*?/\\'")[:31] or "1"
