"""The items of `components/todo.html`: how they are put in order, and folded where there are many of a kind."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Row = TypeVar("Row")

# What somebody reads of one kind; the rest is one item with its number and a link.
FOLD = 5
_WEIGHTS = {"stop": 0, "due": 2, "info": 3}


def in_order(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what stops faces at doors first, then answers that are late, then what is due. Keeps the order within."""
    return sorted(items, key=_weight)


def _weight(item: dict[str, Any]) -> int:
    return 1 if _is_late(item) else _WEIGHTS.get(item["tone"], 3)


def _is_late(item: dict[str, Any]) -> bool:
    """A person waits for an answer: red as well, but no door stands still for it."""
    return item["tone"] == "stop" and bool(item.get("is_clock"))


def folded(
    rows: Sequence[Row], make: Callable[[Row], dict[str, Any]], *, what: str | Promise, url: str, total: int = 0
) -> Iterator[dict[str, Any]]:
    """Make items of the first rows, and one of the rest. `total` is given where `rows` are only the first of more."""
    for row in rows[:FOLD]:
        yield make(row)
    rest = max(total, len(rows)) - FOLD
    if rest > 0 and len(rows) > FOLD:
        like = make(rows[FOLD])
        words = {"what": what, "count": rest}
        yield like | {
            "title": _("%(what)s, the same again: %(count)s") % words,
            "detail": "",
            "badge": "",
            "url": url,
            "label": _("See all"),
            "count": rest,
        }


def lede(items: Iterable[dict[str, Any]]) -> str:
    """Say the day in one sentence or two."""
    numbers = {"stop": 0, "late": 0, "rest": 0}
    for item in items:
        name = "late" if _is_late(item) else "stop" if item["tone"] == "stop" else "rest"
        numbers[name] += item.get("count", 1)
    stop, late, rest = numbers.values()
    if not any(numbers.values()):
        return _("Everything is in order. Nothing waits for you.")
    parts = []
    if stop:
        parts.append(ngettext("%(stop)s thing stops faces at doors.", "%(stop)s things stop faces at doors.", stop))
    if late:
        parts.append(
            ngettext("%(late)s person waits for a late answer.", "%(late)s people wait for a late answer.", late)
        )
    if rest:
        parts.append(ngettext("%(rest)s thing waits for you.", "%(rest)s things wait for you.", rest))
    return " ".join([*parts, _("Everything else is in order.")]) % numbers
