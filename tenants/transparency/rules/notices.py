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
# Of one text, in characters: on the page and over the API alike.
LONGEST_TEXT = 4000
# Written one entry per line: a checklist, not prose (NDSMR 21).
LISTS = ("collected", "recipients")
FIELDS = tuple(f"{item}_{language}" for item in ITEMS for language in LANGUAGES)

# "Permanent" is not a period (NDSMR 21(3)). To delete permanently is one.
_ENDLESS = re.compile(
    r"永久(?!性?地?(?:删除|销毁|清除|抹))|长期保[存留]|无限期|另行通知"
    r"|\bpermanent(?:ly)?\b(?!\s+(?:delet|eras|destroy|remov))|indefinite|\bfor\s?ever\b|until further notice",
    re.IGNORECASE,
)
# Saying that it is not for ever is what the law wants to hear.
NOT_ENDLESS = re.compile(
    r"(?:不|绝不|从不|没有|并非|禁止)(?:会|得|是|能|可以?|再|被)?(?:永久|长期|无限期)地?(?:保[存留]|存储|存放)?"
    r"|\b(?:not|never|\w+n['’]t|cannot)(?: (?:be|ever|possible|to|kept?|keep|stored?|held|hold|saved?|retain(?:ed)?|it|"
    r"them|your|the|an?|any|faces?|templates?|data))* "
    r"(?:permanent(?:ly)?|indefinite(?:ly)?|perpetual(?:ly)?|for\s?ever)\b",
    re.IGNORECASE,
)
_GAPS = re.compile(r"[\u200b-\u200f\u2060\ufeff]|(?<=[\u3400-\u9fff])[^\S\n]+(?=[\u3400-\u9fff])")


def item_of(field: str) -> str:
    return field.rpartition("_")[0]


def language_of(field: str) -> str:
    return field.rpartition("_")[2]


def lines(text: str) -> list[str]:
    """Return the entries of a list: one per line, empty ones left out."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def plain_line_ends(text: str) -> str:
    """A browser ends a line otherwise than an API caller does; to a reader it is the same line."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def closed_up(text: str) -> str:
    """Take out spaces between Chinese characters, and what has no width: they mean nothing and hide words."""
    return _GAPS.sub("", text)


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
    found = _ENDLESS.search(NOT_ENDLESS.sub("…", closed_up(text)))
    return found.group() if found else None


def content_hash(texts: Mapping[str, str], *, storage_mode: str, allows_under_14: bool) -> str:
    """Return the SHA-256 (hex) of the exact text that a person is shown, and of what is frozen with it."""
    content = hashed_content(texts, storage_mode=storage_mode, allows_under_14=allows_under_14)
    return hashlib.sha256(content).hexdigest()


def hashed_content(texts: Mapping[str, str], *, storage_mode: str, allows_under_14: bool) -> bytes:
    """Return the bytes of which the fingerprint is made, so that anybody can make it again."""
    content: dict[str, object] = {field: texts.get(field, "") for field in FIELDS}
    content["storage_mode"] = storage_mode
    if allows_under_14:  # named only then, so that the fingerprints of earlier versions stay what they are
        content["allows_under_14"] = True
    return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
