"""What each operation may refuse with besides what its door says, and what each code means.

refusals.json is found in the source by `python -m tests.portal.api.refusals`; a test fails when it is out of date.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

FILE = Path(__file__).with_name("refusals.json")
_PART = re.compile(r"%\(\w+\)\w|\{[^}]*\}|%[sd]")


def name_of(view: type, action: str) -> str:
    """Return how an operation is called in the file: by the function that answers it."""
    return f"{view.__module__.rpartition('.')[2]}.{view.__name__}.{action}"


def of(view: type, action: str) -> Iterator[tuple[int, str]]:
    """Return what an operation's own rules and shapes refuse with, each status with its code."""
    for status, codes in _file()["operations"].get(name_of(view, action), {}).items():
        yield from ((int(status), code) for code in codes.split())


def meanings() -> dict[str, str]:
    """Return the sentences of each code in the reader's language; `…` stands for what differs each time."""
    return {
        code: " / ".join(_PART.sub("…", gettext(sentence)) for sentence in sentences)
        for code, sentences in _file()["sentences"].items()
    }


@cache
def _file() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return told
