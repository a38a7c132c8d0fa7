"""A language made of English with longer words, to see which page has no room and which text nobody can translate.

Its name is en-XA, as elsewhere. Each text is in brackets, its letters bear accents, and it is two fifths longer.
"""

import re
from pathlib import Path

import polib
from django.conf import settings

CODE, FOLDER = "en-xa", "en_XA"
OPEN, CLOSE = "⟦", "⟧"
# What is no word: places for values, tags, entities and what a program reads.
KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd%]|\{\w*\}|<[^>]+>|&\w+;|https?://\S+)")
ACCENTS = str.maketrans("aeiouycnsAEIOUYCNS", "áéíóúýçñšÁÉÍÓÚÝÇÑŠ")
VOWEL = re.compile(r"([aeiouAEIOU])")


def longer(text: str) -> str:
    """Return a text as this language says it: every vowel twice, which makes English about two fifths longer."""
    parts = KEPT.split(text)
    said = [part if KEPT.fullmatch(part) else VOWEL.sub(r"\1\1", part).translate(ACCENTS) for part in parts]
    return f"{OPEN}{''.join(said)}{CLOSE}"


def write(folder: Path) -> None:
    """Write the compiled catalogue under `folder`, from the English one."""
    catalogue = polib.pofile(str(settings.BASE_DIR / "locale" / "en" / "LC_MESSAGES" / "django.po"))
    catalogue.metadata |= {"Language": FOLDER, "Content-Type": "text/plain; charset=UTF-8"}
    for entry in catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: longer(entry.msgid), 1: longer(entry.msgid_plural)}
        else:
            entry.msgstr = longer(entry.msgid)
    place = folder / FOLDER / "LC_MESSAGES"
    place.mkdir(parents=True)
    catalogue.save_as_mofile(str(place / "django.mo"))


def bare(text: str) -> str:
    """Return what of a page's text is in no brackets: names that people typed, or a text that cannot be translated."""
    depth, left = 0, []
    for sign in text:
        depth += sign == OPEN
        left.append(" " if depth or sign == CLOSE else sign)
        depth -= sign == CLOSE
    return " ".join("".join(left).split())
