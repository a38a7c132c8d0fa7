"""What an old telephone runs and draws: residents' scripts and stylesheet hold to what Chrome 60 of 2017 knows.

What is newer may only add: a declaration after an older one, a rule of its own, or a block that asks first.
"""

import re
from collections.abc import Iterator
from typing import Any

import esprima
import pytest
import tinycss2

from portal.stack.layout import ROOT
from portal.web import resident_style

JS = ROOT / "static" / "js"
SCRIPTS = ("resident", "pass", "camera")
# Methods and globals younger than Chrome 60, which a parser takes for ordinary names.
NEWER_METHODS = re.compile(
    r"\.(?:at|flat|flatMap|matchAll|replaceAll|replaceChildren|fromEntries|allSettled|finally|checkVisibility)\b"
    r"|\b(?:AbortController|AbortSignal|globalThis|structuredClone|queueMicrotask|ResizeObserver|BigInt)\b"
    r"|\(\?<[=!]|navigator\.clipboard"
)
NEWER_VALUES = re.compile(
    r"\b(?:min|max|clamp|color-mix|light-dark|oklch|oklab|lch|lab)\(|\d(?:dvh|svh|lvh|dvw|cqw|cqi|lh)\b"
    r"|\brgba?\([^,)]* [^,)]*\)|\bhsla?\([^,)]* [^,)]*\)|\" / \"|\banywhere\b|\bfit-content\b|\bcontents\b"
)
NEWER_PROPERTIES = re.compile(
    r"^(?:inset(?:-.*)?|aspect-ratio|gap|row-gap|column-gap|(?:padding|margin)-(?:inline|block).*|border-(?:inline|block).*"
    r"|translate|rotate|scale|zoom|place-content|container.*|backdrop-filter)$"
)
# What takes the place of a newer property, in the same rule and before it.
OLDER = {"gap": "grid-gap"}
NEWER_SELECTORS = re.compile(
    r":(?:is|where|has|focus-visible|focus-within|nth-child\([^)]* of)\b|:not\([^)]*,|::file-selector"
)
# These lose nothing but a ring around the focus that old browsers draw themselves.
ONLY_ADD = {":focus-visible", ".choices label:focus-within"}


def script_faults(source: str) -> list[str]:
    """Return what Chrome 60 would not run. The parser knows the language as of 2017, and none of what came after."""
    try:
        esprima.parseScript(source)
    except esprima.Error as error:
        return [str(error)]
    return NEWER_METHODS.findall(re.sub(r"^\s*//.*$", "", source, flags=re.M))


def style_faults(source: str) -> list[str]:
    """Return what Chrome 60 would not draw, where nothing older stands in."""
    return list(_faults(tinycss2.parse_stylesheet(source, skip_comments=True, skip_whitespace=True)))


def _faults(rules: list[Any]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "at-rule":
            # Whoever does not know what a block asks for skips it whole.
            if rule.lower_at_keyword == "media" and rule.content is not None:
                yield from _faults(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True))
            continue
        selector = tinycss2.serialize(rule.prelude).strip()
        if NEWER_SELECTORS.search(selector) and selector not in ONLY_ADD:
            yield f"{selector}: the whole rule is lost"
        given = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
        yield from _lost([row for row in given if row.type == "declaration"], selector)


def _lost(rows: list[Any], selector: str) -> Iterator[str]:
    for place, row in enumerate(rows):
        before = {earlier.lower_name for earlier in rows[:place]}
        value = tinycss2.serialize(row.value)
        if row.lower_name.startswith("--"):
            continue  # looked at where it is used: none but a shadow holds anything newer
        is_newer = bool(NEWER_PROPERTIES.match(row.lower_name) or NEWER_VALUES.search(value))
        stands_in = OLDER.get(row.lower_name, "word-wrap" if row.lower_name == "overflow-wrap" else row.lower_name)
        if is_newer and stands_in not in before:
            yield f"{selector}: {row.lower_name}: {value.strip()}"


def flex_rules_with_gaps(source: str) -> list[str]:
    """Return rules that space a row of boxes by `gap`, which old browsers know in grids alone."""
    found = []
    for match in re.finditer(r"([^{}]+)\{([^{}]*)\}", source):
        if "display: flex" in match[2] and re.search(r"(?<![-\w])gap:", match[2]):
            found.append(match[1].strip())
    return found


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_of_residents_runs_in_an_old_browser(name: str) -> None:
    assert script_faults((JS / f"{name}.js").read_text(encoding="utf-8")) == []


def test_the_pages_load_no_other_script() -> None:
    templates = [ROOT / "templates/base/resident.html", *sorted((ROOT / "templates/public").rglob("*.html"))]
    loaded = {name for file in templates for name in re.findall(r"'js/([\w-]+)\.js'", file.read_text(encoding="utf-8"))}
    assert loaded == set(SCRIPTS)
    assert [file.name for file in templates if "htmx_script" in file.read_text(encoding="utf-8")] == []


def test_the_stylesheet_of_residents_is_drawn_in_an_old_browser() -> None:
    assert style_faults(resident_style.text()) == []
    assert flex_rules_with_gaps(resident_style.text()) == []


def test_type_is_eighteen_pixels_and_more_and_targets_are_large() -> None:
    source = (resident_style.CSS / "resident.css").read_text(encoding="utf-8")
    sizes = [float(size) for size in re.findall(r"--(?:text|title)[\w-]*: ([\d.]+)rem", source)]
    assert len(sizes) > 4 and min(sizes) * 16 >= 18
    written = [float(size) for size in re.findall(r"font-size: ([\d.]+)rem", source)]
    assert [size for size in written if size * 16 < 18] == []
    heights = [int(size) for size in re.findall(r"min-height: (\d+)px", source)]
    assert len(heights) > 4 and min(heights) >= 44


@pytest.mark.parametrize(
    "newer",
    ["a?.b", "a ?? b", "try { a() } catch { b() }", "a.replaceAll('x', 'y')", "[...'a'.matchAll(/a/g)]", "a ||= 1"],
)
def test_the_sweep_of_scripts_can_fail(newer: str) -> None:
    assert script_faults(newer)
    assert not script_faults("var a = function () { try { b(); } catch (e) { c(); } };")


@pytest.mark.parametrize(
    "newer",
    [
        "a { inset: 0 }", "a { width: min(1px, 2px) }", "a { color: light-dark(#000, #fff) }", "a { gap: 1px }",
        "a:has(b) { color: red }", "a:is(b, c) { color: red }", "a:not(b, c) { color: red }", "a { height: 100dvh }",
        "@media print { a { aspect-ratio: 1 } }", "a { color: rgb(0 0 0 / 5%) }", "a { padding-block: 1px }",
    ],
)  # fmt: skip
def test_the_sweep_of_styles_can_fail(newer: str) -> None:
    assert style_faults(newer)


def test_what_only_adds_is_no_fault() -> None:
    added = "a { grid-gap: 1px; gap: 1px } b { height: 100vh; height: 100dvh }"
    asked_first = "@supports selector(:has(a)) { a:has(b) { color: red } }"
    assert style_faults(added + asked_first) == []
    assert flex_rules_with_gaps("a { display: flex; gap: 1px }") == ["a"]
