"""What changed between two versions, sentence by sentence, for people to read (PIPL 17: changes are told)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from tenants.transparency.rules.notices import ITEMS, LANGUAGES

# Behind the mark that ends a sentence, or behind a line. English marks end one only before a space: 1:1, 2.5.
_ENDS = re.compile(r"(?<=[。！？；\n])|(?<=[.!?;])(?=\s)")


class Mark(StrEnum):
    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """One sentence, or several with the same mark, with their spaces."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class ItemDifference:
    item: str
    language: str
    pieces: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        return any(piece.mark != Mark.KEPT for piece in self.pieces)


def sentences(text: str) -> list[str]:
    """Split a text; joined again it is the same text."""
    return [part for part in _ENDS.split(text) if part]


def difference(before: str, after: str) -> tuple[Piece, ...]:
    """Return the sentences of both texts in reading order, what was removed before what was added in its place.

    Spaces say nothing: a sentence that only moved to another line is kept.
    """
    old, new = sentences(before), sentences(after)
    words = SequenceMatcher(a=[part.strip() for part in old], b=[part.strip() for part in new], autojunk=False)
    pieces = []
    for operation, from_old, to_old, from_new, to_new in words.get_opcodes():
        if operation == "equal":
            pieces.append(Piece(Mark.KEPT, "".join(new[from_new:to_new])))
            continue
        if from_old < to_old:
            pieces.append(Piece(Mark.REMOVED, "".join(old[from_old:to_old])))
        if from_new < to_new:
            pieces.append(Piece(Mark.ADDED, "".join(new[from_new:to_new])))
    return tuple(pieces)


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[ItemDifference]:
    """Return the difference of every item in every language, changed or not, in the order of the items."""
    return [
        ItemDifference(
            item, language, difference(before.get(f"{item}_{language}", ""), after.get(f"{item}_{language}", ""))
        )
        for item in ITEMS
        for language in LANGUAGES
    ]
