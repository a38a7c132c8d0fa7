"""Contrast, measured: every colour of text on every ground that a stylesheet gives it, in every theme (WCAG 1.4).

Residents' pages promise 7:1 (WCAG 1.4.6), so does every page to whoever asks the system for more contrast.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import NamedTuple

import pytest
import tinycss2

from portal.stack.layout import ROOT

CSS = ROOT / "static" / "css"
# Paper names its own ink, and the platform's admin maps its variables onto the same tokens.
APART = {"admin", "certificate", "flyer", "package", "poster", "print", "receipt", "record", "sheet", "slip", "tokens"}
SHEETS = sorted({file.stem for file in CSS.glob("*.css")} - APART)
OF_RESIDENTS = {"resident", "resident-parts", "public"}
DARK, MORE, HIGH = "dark", "more contrast", "high contrast"
CHOSEN = ':root[data-theme="dark"]'
# The switch of residents' pages. It is black on white, whatever else was chosen.
HIGH_CHOSEN = ':root[data-contrast="more"]'
VARIABLE = re.compile(r"var\(--([\w-]+)\)")
STATE = re.compile(r":(?:hover|focus-visible|focus|checked|has\([^)]*\))|\[disabled\]|\[aria-[^\]]*\]")
# Where words stand that have no ground of their own.
GROUNDS = {"paper", "surface", "hover", "sunk"}
# Words that may stand on any ground.
WORDS = {"ink", "ink-2", "brand-ink"}
# Filled shapes: no words stand on them but those that the same rule colours.
SHAPES = {"brand", "brand-ink", "stop", "due-bar", "info", "ok", "control", "line", "line-strong", "tone", "brand-line"}
# Made for one ground, which another rule of the same thing gives.
ON_THEIR_OWN = {"on-brand": {"brand", "brand-hover"}, "on-stop": {"stop", "stop-hover"}}
# What is seen without being read, on what it lies: edges of fields, the ring around the focus, bars and dots.
SEEN = {
    "control": {"paper", "surface", "hover", "sunk"},
    "focus": {"paper", "surface", "hover", "sunk", "brand-soft", "ok-soft", "due-soft", "stop-soft", "info-soft"},
    "brand-ink": {"surface", "sunk", "paper", "brand-soft"},
    "ok": {"surface"},
    "due-bar": {"surface", "due-soft"},
    "stop": {"surface", "stop-soft"},
    "info": {"surface"},
}


class Rule(NamedTuple):
    sheet: str
    selector: str
    given: dict[str, str]
    medium: str


class Pair(NamedTuple):
    text: str
    ground: str
    where: str


@cache
def rules(sheet: str) -> tuple[Rule, ...]:
    source = (CSS / f"{sheet}.css").read_text(encoding="utf-8")
    return tuple(_rules(sheet, tinycss2.parse_stylesheet(source, skip_comments=True, skip_whitespace=True), ""))


def _rules(sheet: str, nodes: list, medium: str) -> Iterator[Rule]:
    for node in nodes:
        prelude = tinycss2.serialize(node.prelude).strip() if hasattr(node, "prelude") else ""
        if node.type == "at-rule" and node.lower_at_keyword in {"media", "supports"}:
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            yield from _rules(sheet, inner, f"{medium} {prelude}".strip())
        elif node.type == "qualified-rule":
            said = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
            given = {d.name: tinycss2.serialize(d.value).strip() for d in said if d.type == "declaration"}
            yield Rule(sheet, prelude, given, medium)


def tokens(theme: str, *, resident: bool) -> dict[str, str]:
    """What each colour is under this theme: any mixture of those named above."""
    found: dict[str, str] = {}
    for rule in (*rules("tokens"), *(rules("resident") if resident else ())):
        is_whole = rule.selector.endswith(("resident", ":root", ":root:root", CHOSEN))
        if is_whole and "prefers-color-scheme" not in rule.medium and _wants(rule) <= set(theme.split(", ")):
            found |= {name[2:]: value for name, value in rule.given.items() if name.startswith("--")}
    return {name: _colour(value, found, dark=DARK in theme) for name, value in found.items()}


def _wants(rule: Rule) -> set[str]:
    """Return the themes under which alone a rule holds."""
    signs = {DARK: CHOSEN in rule.selector, MORE: "prefers-contrast" in rule.medium, HIGH: HIGH_CHOSEN in rule.selector}
    return {theme for theme, is_wanted in signs.items() if is_wanted}


def _colour(value: str, known: dict[str, str], *, dark: bool) -> str:
    if variable := VARIABLE.fullmatch(value):
        return _colour(known[variable[1]], known, dark=dark)
    both = re.fullmatch(r"light-dark\((#\w{6}), (#\w{6})\)", value)
    return both[2 if dark else 1] if both else value


def brightness(colour: str) -> float:
    """Relative luminance, 0 to 1, as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


def pairs() -> set[Pair]:
    """Every colour of words with each ground that a stylesheet gives it."""
    found = set()
    for rule in (rule for sheet in SHEETS for rule in rules(sheet)):
        if rule.medium == "print" or "forced-colors" in rule.medium:
            continue
        text, ground = _token(rule, "color"), _token(rule, "background")
        before = _plain(rule)
        text = text or (before and _token(before, "color"))
        ground = ground or (before and _token(before, "background"))
        own = VARIABLE.search(rule.given.get("color", "") + rule.given.get("background", ""))
        if not own or (ground in SHAPES and not text):
            continue
        grounds = {ground} if ground else ON_THEIR_OWN.get(text or "", GROUNDS)
        where = f"{rule.sheet}.css: {rule.selector}"
        found |= {Pair(t, g, where) for t, g in product({text} if text else WORDS, grounds) if t and g}
    return found


def _token(rule: Rule, name: str) -> str | None:
    found = VARIABLE.fullmatch(rule.given.get(name, ""))
    return found[1] if found else None


def _plain(rule: Rule) -> Rule | None:
    """The rule of the same thing when nobody points at it."""
    plain = STATE.sub("", rule.selector)
    same = [other for other in rules(rule.sheet) if other.selector == plain and not other.medium]
    return same[0] if same and plain != rule.selector else None


THEMES = ("light", DARK, MORE, f"{DARK}, {MORE}", HIGH, f"{DARK}, {HIGH}")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("resident", [False, True], ids=["staff", "resident"])
def test_every_text_can_be_read_on_its_ground(theme: str, *, resident: bool) -> None:
    colours, faint = tokens(theme, resident=resident), {}
    looked = {pair for pair in pairs() if resident or pair.where.split(".")[0] not in OF_RESIDENTS}
    for pair in sorted(looked):
        reached = contrast(colours[pair.text], colours[pair.ground])
        needed = 7.0 if resident or MORE in theme else 4.5
        if reached < needed:
            faint[f"{pair.text} on {pair.ground}"] = f"{reached:.2f} of {needed}, {pair.where}"
    assert len(looked) > 100, "the stylesheets were read"
    assert faint == {}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("resident", [False, True], ids=["staff", "resident"])
def test_fields_focus_and_bars_are_seen(theme: str, *, resident: bool) -> None:
    colours = tokens(theme, resident=resident)
    reached = {f"{seen} on {on}": contrast(colours[seen], colours[on]) for seen, all_ in SEEN.items() for on in all_}
    assert {pair: f"{value:.2f}" for pair, value in reached.items() if value < 3} == {}


def test_the_edge_of_every_field_is_one_that_was_measured() -> None:
    edges = {
        name
        for rule in rules("forms")
        if re.match(r"(input|select|textarea)\b", rule.selector) and "file-selector" not in rule.selector
        for name in VARIABLE.findall(rule.given.get("border", "") + rule.given.get("border-color", ""))
    }
    assert edges - {"ink-3"} <= set(SEEN), "ink-3 is a text's colour, darker than any edge"


def test_dark_is_the_same_whether_it_was_chosen_or_is_the_systems() -> None:
    systems = {rule.selector: rule.given for rule in rules("tokens") if "prefers-color-scheme: dark" in rule.medium}
    assert systems[':root:not([data-theme="light"])'] == next(r.given for r in rules("tokens") if r.selector == CHOSEN)
    own = {rule.selector: rule.given for rule in rules("resident") if ".resident" in rule.selector}
    assert own[f"{CHOSEN} .resident"] == own[':root:not([data-theme="light"]) .resident']


def test_the_measure_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")
