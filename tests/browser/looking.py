"""What a machine can tell of an open page: nothing is cut or too small, axe is content, and no word is foreign."""

import os
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

HERE = Path(__file__).parent
# The sides in pixels of what is pressed: on residents' pages (WCAG 2.5.5). Axe measures 24 px everywhere (2.5.8).
THUMB = 44
# What may be moved sideways: a table of two dimensions (WCAG 1.4.10), and paper shown on the screen.
SCROLLS = ".table-wrap, .sheet-frame, #changelist .results"
# Where text may be cut: nowhere but on paper, which is a picture of what is printed.
CUTS = ".sheet-frame, .sheet-frame *"
# What axe leaves out unless asked. Enhanced contrast is promised to residents and to whoever asks for more contrast.
ALSO = ("target-size", "identical-links-same-purpose", "meta-refresh-no-exceptions")
ALL = os.environ.get("CONSENTRY_AXE") == "all"
Contrast = Literal["more", "no-preference"]
# WCAG 1.4.12: nothing may be lost when a reader sets text this wide.
SPACED = """() => { const sheet = new CSSStyleSheet(); document.adoptedStyleSheets = [sheet]; sheet.replaceSync(
  "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }" +
  "p { margin-bottom: 2em !important }"); }"""
CLOSED = "() => { document.adoptedStyleSheets = []; }"

# Chinese words in an English page: our name and its sign, and a language's own.
CHINESE = ("知门", "中文", "知")
# Latin words in a Chinese page that have no other name there.
LATIN = {
    "Consentry", "API", "CSV", "GB", "GBK", "GA", "ID", "IMG", "JPEG", "JSON", "KB", "MB", "PDF",
    "PIN", "PNG", "PostgreSQL",
    "PUBLIC_URL", "QR", "SHA", "Schema", "Shift", "TOTP", "URL", "UTF", "WebP", "Webhook", "Webhooks", "XLSX", "base64",
    "Ed25519", "https", "zip", "Chrome", "Linux", "DeepFace", "ArcFace", "A4", "A5", "English",
    "Enter", "Excel",
}  # fmt: skip
# A name that is partly hidden, an e-mail, an address, a code or number of ours or of a company, a name of a file.
NAMES = re.compile(
    r"[\u4e00-\u9fff]?[＊*]+[\u4e00-\u9fff]?|\S+@\S+|https?://\S+|[\w.-]+\.(?:txt|jpg|png|pdf|zip|csv|xlsx)\b"
    r"|\b[A-Z0-9]*\d[A-Z0-9]*(?:-[A-Z0-9]+)*\b|\b[A-Z0-9]{4}(?:-[A-Z0-9]{4})+\b|\b[A-Z]-\d{4}-\d+\b"
    r"|\b(?=[a-f-]*\d)[0-9a-f-]{8,}"
)
ADDRESS = re.compile(r"https?://[!-~]+")
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]+(?:['’-][A-Za-z]+)*")
HAN = re.compile(r"[\u4e00-\u9fff]+")


@cache
def _script(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def losses(page: Page) -> list[str]:
    """Say what is cut, spills, covers another thing or is too small to press, at the width that the page has now."""
    is_resident = page.evaluate("document.body.classList.contains('resident')")
    asked = {"least": THUMB if is_resident else 0, "scrolls": SCROLLS, "cuts": CUTS}
    found: list[str] = page.evaluate(_script("look.js"), asked)
    return found


def examine(page: Page, *, contrast: Contrast = "no-preference") -> list[str]:
    """Let axe-core look at the open page; whatever it finds counts, however little it thinks of it."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    is_resident = page.evaluate("document.body.classList.contains('resident')")
    rules = {rule: {"enabled": True} for rule in ALSO}
    rules["color-contrast-enhanced"] = {"enabled": is_resident or contrast == "more"}
    found: dict[str, Any] = page.evaluate("asked => axe.run(asked)", {"resultTypes": ["violations"], "rules": rules})
    return [_sentence(violation) for violation in found["violations"]]


def _sentence(violation: dict[str, Any]) -> str:
    where = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
    return f"{violation['id']} ({violation['impact']}): {violation['help']} at {where}"


def without(text: str, known: Iterable[str]) -> str:
    """Return a text without what somebody typed, and without names and numbers."""
    text = ADDRESS.sub(" ", text)  # whole, before a property's name is taken out of it
    for typed in known:
        text = text.replace(typed, " ")
    return NAMES.sub(" ", text)


def foreign(texts: Iterable[str], language: str, known: Iterable[str]) -> list[str]:
    """Return the words among a page's texts that are of the other language, unless somebody typed them (`known`)."""
    longest_first = sorted([*known, *CHINESE], key=len, reverse=True)
    found = set()
    for text in texts:
        left = without(text, longest_first)
        words = HAN.findall(left) if language == "en" else [word for word in WORD.findall(left) if word not in LATIN]
        if words:
            found.add(f"“{' '.join(words)}” in “{text[:80]}”")
    return sorted(found)


def texts(page: Page) -> list[str]:
    said: list[str] = page.evaluate(_script("words.js"))
    return said


def picture(page: Page, file: Path) -> None:
    if os.environ.get("CONSENTRY_SHOTS"):
        page.screenshot(path=file, full_page=True)


def too_wide(page: Page) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{wide} px wider than the screen"] if wide > 1 else []
