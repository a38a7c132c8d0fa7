"""What people type on the stage: every Chinese text of the plays, and the English names of the demonstration."""

import ast
import re
from functools import cache

from tests.architecture.source import ROOT

# Where the stage's people and places come from.
PLAYS = ("tests/browser", "tests/rehearsal", "tests/terminals.py", "portal/web/demo", "portal/web/management")
HAN = re.compile(r"[\u4e00-\u9fff]")
# In a Chinese page: names that a property has in English, and what a program wrote in its own words.
ENGLISH = (
    "Jasmine Court",
    "Magnolia Court",
    "Yunqi Hotel",
    "Palm Bay",
    "New Court",
    "jasmine-court",
    "magnolia-court",
    "yunqi-hotel",
    "palm-bay",
    "new-court",
    "west-lake",
)


@cache
def chinese() -> frozenset[str]:
    """Every piece of text with a Chinese sign that the plays and the demonstration's data write."""
    places = [ROOT / place for place in PLAYS]
    files = [file for place in places for file in ([place] if place.is_file() else sorted(place.rglob("*.py")))]
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    said = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str) and HAN.search(n.value)}
    # A page may show one line of many, and a name with all but its first or last sign hidden.
    return frozenset(line.strip().rstrip("。") for text in said for line in text.splitlines() if HAN.search(line))
