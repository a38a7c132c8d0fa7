"""How phone numbers are written for whoever reads them."""

import re

# China's mobile numbers, perhaps with the country's code, however somebody grouped them.
_MOBILE = re.compile(r"(?P<country>\+?86)?(?P<net>1[3-9]\d)(?P<middle>\d{4})(?P<end>\d{4})")
_SEPARATORS = re.compile(r"[\s\-()]+")


def phone(number: str | None) -> str:
    """Group a mobile number as people here read it, 138 0013 8000; any other number stays as it was written."""
    written = number or ""
    found = _MOBILE.fullmatch(_SEPARATORS.sub("", written))
    if found is None:
        return written
    country = "+86" if found["country"] else ""
    return " ".join(filter(None, [country, found["net"], found["middle"], found["end"]]))
