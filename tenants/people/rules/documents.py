"""The number of an identity document, as it is typed. Pure; the number itself is kept nowhere."""

import re
import unicodedata

from stdnum.cn import ric
from stdnum.exceptions import ValidationError as Misread

_RESIDENT = re.compile(r"\d{17}[\dX]")
_OTHER = re.compile(r"[A-Z0-9]{5,20}")


def plain_document(text: str) -> str:
    """Return a number without spaces, hyphens, width and case, so that one document is always the same text."""
    return re.sub(r"[\s\-·.]", "", unicodedata.normalize("NFKC", text)).upper()


def is_document(number: str) -> bool:
    """Say whether a plain number can be a document's. Resident identity cards carry a check digit (GB 11643)."""
    if _RESIDENT.fullmatch(number):
        try:
            ric.validate(number)
        except Misread:
            return False
        return True
    return bool(_OTHER.fullmatch(number))
