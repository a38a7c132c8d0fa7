"""Tables as spreadsheets save them, and tables that no spreadsheet runs."""

import csv
import io

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from portal.web import sheets

TABLE = "设备名称,通行点\n东门终端,东门\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_it_is_read_however_it_was_saved(encoding: str, ending: str) -> None:
    data = TABLE.replace("\n", ending).encode(encoding)
    assert sheets.parse(data, max_rows=5) == [["1", "设备名称", "通行点"], ["2", "东门终端", "东门"]]


@pytest.mark.parametrize("between", [",", "\t", ";"])
def test_cells_lie_between_commas_tabs_or_semicolons(between: str) -> None:
    assert sheets.parse(TABLE.replace(",", between).encode(), max_rows=5)[1] == ["2", "东门终端", "东门"]


def test_empty_lines_are_left_out_and_numbers_are_those_of_the_file() -> None:
    data = b'a,b\n\n,\n1,2\n"x\ny",3\n4,5\n'
    assert sheets.parse(data, max_rows=5) == [
        ["1", "a", "b"], ["4", "1", "2"], ["6", "x\ny", "3"], ["7", "4", "5"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b",,\n", "empty"),
        (b"a\n" + b"x\n" * 6, "too_many_rows"),
        (b"a" * (sheets.MAX_BYTES + 1), "too_large"),
        (b"PK\x03\x04rest of a workbook", "not_a_table"),
        (b"a,b\x00\n1,2\n", "not_a_table"),
        (b"\x81\xff\xff\xff", "not_a_table"),
        (b"a\n" + b"x" * 200_000, "not_a_table"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ValidationError) as refused:
        sheets.parse(data, max_rows=5)
    assert refused.value.code == why


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(data: bytes) -> None:
    try:
        lines = sheets.parse(data, max_rows=50)
    except ValidationError:
        return
    assert lines
    assert all(int(line[0]) > 0 for line in lines)


@pytest.mark.parametrize("cell", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "|calc", "%x"])
def test_a_cell_that_would_run_is_written_as_text(cell: str) -> None:
    body = sheets.answer("x", ["h"], [[cell]]).content.decode("utf-8-sig")
    ((_header,), (written,)) = csv.reader(io.StringIO(body))
    assert written.startswith("'")


def test_a_chinese_spreadsheet_sees_chinese() -> None:
    answer = sheets.answer("devices", ["名"], [["终端"]])
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="devices.csv"'


def test_empty_cells_at_the_end_of_a_line_are_no_columns() -> None:
    assert sheets.parse("甲,乙,,\n1,2,,\n3\n".encode(), max_rows=5) == [["1", "甲", "乙"], ["2", "1", "2"], ["3", "3"]]


@pytest.mark.parametrize(
    "cell", ["=1", "+1+1", "-1+1", "@A", "|x", "%x", "＝1", "＋1", "－1", "＠A", "\t=1", "\r=1", "\n=1"]
)
def test_no_cell_leaves_as_a_formula(cell: str) -> None:
    text = sheets.answer("x", ["a"], [[cell]]).content.decode("utf-8-sig")
    (_header, (written,)) = csv.reader(io.StringIO(text, newline=""))
    assert written.startswith("'")
