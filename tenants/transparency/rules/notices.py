"""Pure rules about the texts of a notice (Measures Art 5; PIPL 17; NDSMR 20, 21)."""

import hashlib
import json
import re
from collections.abc import Mapping

LANGUAGES = ("zh", "en")
# What Art 5 and NDSMR 20, 21 require a person to be told, each in every language.
ITEMS = (
    "handler_contact",
    "purpose_method",
    "retention",
    "necessity_effect",
    "rights",
    "complaint",
    "collected",
    "recipients",
    "minors",
)
# Written one entry per line: a checklist, not prose (NDSMR 21).
LISTS = ("collected", "recipients")
FIELDS = tuple(f"{item}_{language}" for item in ITEMS for language in LANGUAGES)

# "Permanent" is not a period (NDSMR 21(3)). To delete permanently is one.
_ENDLESS = re.compile(
    r"(?<!不)(?<!不会)(?<!不得)永久(?!性?地?(?:删除|销毁|清除|抹))|长期保存|无限期|另行通知"
    r"|(?<!not )\bpermanent(?:ly)?\b(?!\s+(?:delet|eras|destroy|remov))|indefinite|\bfor\s?ever\b|until further notice",
    re.IGNORECASE,
)


def item_of(field: str) -> str:
    return field.rpartition("_")[0]


def language_of(field: str) -> str:
    return field.rpartition("_")[2]


def lines(text: str) -> list[str]:
    """Return the entries of a list: one per line, empty ones left out."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def missing_items(texts: Mapping[str, str]) -> list[str]:
    """Return the fields that are empty, in order."""
    return [field for field in FIELDS if not texts.get(field, "").strip()]


def uneven_lists(texts: Mapping[str, str]) -> list[str]:
    """Return the lists whose languages do not have the same number of entries."""
    return [
        item for item in LISTS if len({len(lines(texts.get(f"{item}_{language}", ""))) for language in LANGUAGES}) > 1
    ]


def endless_retention(text: str) -> str | None:
    """Return the first expression that promises to keep a face for ever, or None."""
    found = _ENDLESS.search(text)
    return found.group() if found else None


def content_hash(texts: Mapping[str, str], *, storage_mode: str) -> str:
    """Return the SHA-256 (hex) of the exact text that a person is shown."""
    content = {field: texts.get(field, "") for field in FIELDS} | {"storage_mode": storage_mode}
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
