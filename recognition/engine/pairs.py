"""The labelled pairs of a folder of photos: `pairs.csv`, and who belongs to which group. Loads no library.

A group is what the volunteers themselves agreed to be counted as. It stays in this file: nothing of it is stored.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PAIRS, GROUPS = "pairs.csv", "groups.csv"
_COLUMNS = ("file_x", "file_y", "same")
_GROUP_COLUMNS = ("group_x", "group_y")
_ANSWERS = {"yes": True, "no": False}


class BadTable(ValueError):
    """A table cannot be used. The message says which line, and what to change."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two files of the folder, by their names in it, and whether they show one person."""

    one: str
    other: str
    is_same: bool


@dataclass(frozen=True, slots=True)
class Labelled:
    """What a folder holds. `groups` is empty when nobody gave any."""

    folder: Path
    pairs: list[Pair]
    groups: dict[str, str] = field(default_factory=dict)

    @property
    def files(self) -> list[str]:
        return sorted({name for pair in self.pairs for name in (pair.one, pair.other)})


def read(folder: Path) -> Labelled:
    """Read the tables of a folder. Raises BadTable, also for a file outside the folder or one that is not there."""
    found = Labelled(folder=folder.resolve(), pairs=[])
    told: dict[frozenset[str], int] = {}
    for line, row in _rows(found.folder / PAIRS, _COLUMNS):
        one, other = (_file(found.folder, row[column], PAIRS, line) for column in _COLUMNS[:2])
        both = frozenset((one, other))
        if one == other:
            raise BadTable(f"Line {line} of {PAIRS} compares {one} with itself.")
        if both in told:
            raise BadTable(f"Line {line} of {PAIRS} repeats the pair of line {told[both]}.")
        answer = row["same"].strip().lower()
        if answer not in _ANSWERS:
            raise BadTable(f"Line {line} of {PAIRS} says “{answer[:20]}” under “same”: write yes or no.")
        told[both] = line
        found.pairs.append(Pair(one, other, _ANSWERS[answer]))
        for name, column in zip((one, other), _GROUP_COLUMNS, strict=True):
            _join(found.groups, name, row.get(column, ""), PAIRS, line)
    if {pair.is_same for pair in found.pairs} != {True, False}:
        raise BadTable(f"{PAIRS} needs pairs of both kinds: some with yes and some with no.")
    if (found.folder / GROUPS).exists():
        for line, row in _rows(found.folder / GROUPS, ("file", "group")):
            _join(found.groups, _file(found.folder, row["file"], GROUPS, line), row["group"], GROUPS, line)
    return found


def _rows(path: Path, wanted: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with its line (1 is the header). Spreadsheets write a byte order mark, so one is taken."""
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.reader(file, strict=True)
            header = [name.strip().lower() for name in next(table, [])]
            if not set(wanted) <= set(header) or len(set(header)) != len(header):
                raise BadTable(f"Line 1 of {path.name} must name the columns {', '.join(wanted)}.")
            for row in table:
                line = table.line_num
                if not row:
                    continue
                if len(row) != len(header):
                    raise BadTable(f"Line {line} of {path.name} has {len(row)} columns instead of {len(header)}.")
                yield line, dict(zip(header, row, strict=True))
                line += 1
    except OSError as error:
        raise BadTable(f"{path.name} cannot be read in {path.parent}: {error.strerror}.") from error
    except csv.Error as error:
        raise BadTable(f"Line {table.line_num} of {path.name} is damaged: {error}.") from error
    except UnicodeDecodeError as error:
        raise BadTable(
            f"Line {line} of {path.name} or one soon after is not UTF-8 text: save the table as UTF-8."
        ) from error


def _file(folder: Path, name: str, table: str, line: int) -> str:
    """The name as the folder knows it. A table may not point anywhere else, by `..`, a full path or a link."""
    name = name.strip()
    place = (folder / name).resolve() if name and "\0" not in name else folder
    if not place.is_relative_to(folder):
        raise BadTable(f"Line {line} of {table} names a file outside the folder: {name}.")
    if not place.is_file():
        raise BadTable(f"Line {line} of {table} names {name or 'no file'}, which is not in the folder.")
    return str(place.relative_to(folder))


def _join(groups: dict[str, str], name: str, group: str, table: str, line: int) -> None:
    group = group.strip()
    if group and groups.setdefault(name, group) != group:
        raise BadTable(f"Line {line} of {table} puts {name} into “{group}”, an earlier one into “{groups[name]}”.")
