"""docs/asvs.md names every requirement of ASVS 5.0.0, levels 1 and 2, and nothing that is not there."""

import ast
import re
from collections import Counter
from functools import cache
from typing import NamedTuple

import pytest

from tests.architecture.source import ROOT

DOCUMENT = ROOT / "docs" / "asvs.md"
STATUSES = ("shown", "not yet", "not applicable")

# The sections of the standard: the level of each requirement in its order. Those of level 3 are not in the document.
STANDARD = {
    "1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123",
    "2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23",
    "3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333", "3.6": "3", "3.7": "22333",
    "4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222",
    "5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222",
    "6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333", "6.6": "2223",
    "6.7": "33", "6.8": "2222",
    "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
    "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23",
    "9.1": "111", "9.2": "1222",
    "10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333", "10.5": "22222", "10.6": "22",
    "10.7": "222",
    "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23", "11.7": "33",
    "12.1": "12233", "12.2": "11", "12.3": "22223",
    "13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233",
    "14.1": "22", "14.2": "12223333", "14.3": "122",
    "15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
    "17.1": "23", "17.2": "22223333", "17.3": "22",
}  # fmt: skip


class Row(NamedTuple):
    number: str
    level: str
    subject: str
    status: str
    evidence: str


def rows_of(text: str) -> list[Row]:
    cells = re.findall(r"^\| (\d+\.\d+\.\d+) \| (\d) \| (.+?) \| (.+?) \| (.+) \|$", text, re.MULTILINE)
    return [Row(*cell) for cell in cells]


def standard() -> dict[str, str]:
    """Number to level, without level 3."""
    return {
        f"{section}.{place}": level
        for section, levels in STANDARD.items()
        for place, level in enumerate(levels, 1)
        if level != "3"
    }


@cache
def functions_of(path: str) -> frozenset[str]:
    """The functions of a file as a runner names them: `test_x`, or `TestClass::test_x`."""
    found = set()
    for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{part.name}" for part in node.body if isinstance(part, ast.FunctionDef)}
        elif isinstance(node, ast.FunctionDef):
            found.add(node.name)
    return frozenset(found)


def paths_of(text: str) -> list[str]:
    """What stands in backticks and looks like a path of the repository."""
    return [part for part in re.findall(r"`([^`]+)`", text) if re.match(r"[\w.-]+(/[\w.-]+)+(::|$)|[\w-]+\.\w+$", part)]


def is_there(reference: str) -> bool:
    path, _colons, test = reference.partition("::")
    return (ROOT / path).exists() and (not test or test in functions_of(path))


@pytest.fixture(scope="module")
def text() -> str:
    return DOCUMENT.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def rows(text: str) -> list[Row]:
    return rows_of(text)


def test_every_requirement_is_there_once_with_its_level(rows: list[Row]) -> None:
    assert [row.number for row in rows] == list(standard())
    assert {row.number: row.level for row in rows} == standard()
    assert Counter(standard().values()) == {"1": 70, "2": 183}


def test_every_row_says_how_it_stands_and_why(rows: list[Row]) -> None:
    assert [row.number for row in rows if row.status not in STATUSES or not row.evidence.strip()] == []
    assert [row.number for row in rows if len(row.subject.split()) > 8] == []
    assert [row.number for row in rows if row.status == "shown" and not paths_of(row.evidence)] == []


def test_every_path_and_every_test_that_is_named_exists(text: str) -> None:
    named = paths_of(text)
    assert len(named) > 150
    assert [reference for reference in named if not is_there(reference)] == []


def test_the_share_is_the_one_of_the_table(text: str, rows: list[Row]) -> None:
    counts = Counter(row.status for row in rows)
    apply = counts["shown"] + counts["not yet"]
    share = 100 * counts["shown"] // apply
    said = (
        f"**{counts['shown']} of the {apply} requirements that apply are shown ({share} %); "
        f"{counts['not yet']} are not yet; {counts['not applicable']} of the {len(rows)} do not apply.**"
    )
    assert said in text


def test_the_sweep_can_fail() -> None:
    (row,) = rows_of("| 1.2.3 | 1 | no script | shown | `static/js/none.js`, `tests/portal/test_logs.py::test_no` |")
    assert row == Row("1.2.3", "1", "no script", "shown", "`static/js/none.js`, `tests/portal/test_logs.py::test_no`")
    assert paths_of(row.evidence) == ["static/js/none.js", "tests/portal/test_logs.py::test_no"]
    assert not any(is_there(reference) for reference in paths_of(row.evidence))
    assert is_there("tests/architecture/test_asvs.py::test_the_sweep_can_fail")
    assert is_there("tests/tenants/organizations/test_members.py::TestAtOnce::test_nothing") is False
