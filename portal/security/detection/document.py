"""docs/detection.md: the table of the rules, made from the rules."""

from django.utils import translation

from portal.security.detection.rule import Rule
from portal.security.detection.rules import RULES

START, END = "<!-- rules: begin -->", "<!-- rules: end -->"
HEADER = (
    "| code | rings when | from | within | severity | article | what to do |",
    "|---|---|---|---|---|---|---|",
)


def lines() -> list[str]:
    """Return the whole table in Markdown."""
    with translation.override("en"):
        return [*HEADER, *(_line(rule) for rule in RULES.values())]


def placed(document: str) -> str:
    """Return the document with the table put between its two marks. Raises ValueError when a mark is missing."""
    before, after = document.index(START) + len(START), document.index(END)
    return "\n".join([document[:before], *lines(), document[after:]])


def _line(rule: Rule) -> str:
    minutes = int(rule.window.total_seconds()) // 60
    within = "at once" if rule.threshold == 1 and rule.after is None else f"{minutes} min"
    cells = (
        f"`{rule.code}`", rule.title, rule.threshold, within, rule.severity, rule.article, rule.advice
    )  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in cells) + " |"
