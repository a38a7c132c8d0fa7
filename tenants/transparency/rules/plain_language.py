"""Is a text plain, and does it leave the choice free? (Measures Arts 5, 12; NDSMR 22; SPC 2021 No. 15 Art 11)

Words that mislead or coerce block publication; long sentences and jargon are only pointed out.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from tenants.transparency.rules.jargon import JARGON
from tenants.transparency.rules.notices import closed_up, language_of
from tenants.transparency.rules.phrases import FORBIDDEN

LONGEST_ZH, LONGEST_EN = 60, 30
_SENTENCE_ENDS = re.compile(r"[。！？；\n]+|(?<=[.!?;])\s+")


class Severity(StrEnum):
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True)
class Finding:
    """One thing about a text. `excerpt` is the place in it, `suggestion` what to write instead."""

    code: str
    field: str
    excerpt: str
    severity: Severity
    sentence: str
    suggestion: str


def findings(field: str, text: str) -> tuple[Finding, ...]:
    """Return what is forbidden in a text, then what could be plainer, in reading order. `field` ends in _zh or _en."""
    parts = [part.strip() for part in _SENTENCE_ENDS.split(text) if part and part.strip()]
    forbidden = [finding for part in parts for finding in _forbidden(field, part)]
    long = [finding for part in parts for finding in _long(field, part)]
    return (*forbidden, *long, *_jargon(field, text))


def _forbidden(field: str, sentence: str) -> list[Finding]:
    sentence, found = closed_up(sentence), []
    for phrase in FORBIDDEN:
        words = phrase.found_in(sentence)
        if words is not None:
            found.append(
                Finding(phrase.code, field, words, Severity.BLOCK, str(phrase.sentence), str(phrase.suggestion))
            )
    return found


def _long(field: str, sentence: str) -> list[Finding]:
    if language_of(field) == "zh":
        size, limit = len("".join(sentence.split())), LONGEST_ZH
        said = _("This sentence has %(size)s characters; more than %(limit)s are hard to follow.")
    else:
        size, limit = len(sentence.split()), LONGEST_EN
        said = _("This sentence has %(size)s words; more than %(limit)s are hard to follow.")
    if size <= limit:
        return []
    excerpt = sentence if len(sentence) <= LONGEST_ZH else f"{sentence[:LONGEST_ZH]}…"
    text = said % {"size": size, "limit": limit}
    return [Finding("long_sentence", field, excerpt, Severity.WARN, text, _("Make two or three sentences of it."))]


def _jargon(field: str, text: str) -> list[Finding]:
    """Each word once, however often it is used."""
    lowered, found = text.lower(), []
    for word, plain in JARGON[language_of(field)].items():
        if re.search(rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word), lowered):
            sentence = _("“%(word)s” is a lawyer's word.") % {"word": word}
            suggestion = _("Write “%(plain)s”.") % {"plain": plain}
            found.append(Finding("jargon", field, word, Severity.WARN, sentence, suggestion))
    return found
