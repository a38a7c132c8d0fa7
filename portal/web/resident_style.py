"""The one stylesheet of a resident's page, written into the page itself: one request less before anything is seen.

The Content-Security-Policy of these pages allows exactly this text, by its hash (portal/web/resident.py), and no other
inline style. Both are made of the same files once a process, so they cannot differ.
"""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
# In the order of the cascade. The staff's components and forms are not among them: old telephones read these.
SHEETS = ("tokens", "base", "resident-parts", "requests", "resident", "public", "print")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
# Spaces around these mean nothing; around `+`, `-` and before `:` they may.
_AROUND = re.compile(r" ?([{};,>]) ?")


@cache
def text() -> str:
    """Return the sheets as one, without comments and needless spaces."""
    whole = "\n".join((CSS / f"{name}.css").read_text(encoding="utf-8") for name in SHEETS)
    return _AROUND.sub(r"\1", _SPACE.sub(" ", _COMMENT.sub("", whole))).strip()


@cache
def source() -> str:
    """Return what the policy names: `'sha256-…'` of `text`, with the quotes that the header wants."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text().encode()).digest()).decode()}'"
