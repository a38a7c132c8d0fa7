"""Which ways without a face a door had, replayed from the log of what members changed. No database, no clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Change:
    """One entry of the log about one way: `values` are the fields that changed, as they were from then on."""

    at: datetime
    values: Mapping[str, str]
    is_end: bool = False


@dataclass(frozen=True)
class Span:
    """From `since` until `until` (None: still) a way was as `values` say."""

    since: datetime
    until: datetime | None
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def works(self) -> bool:
        """Recorded as working that day, and at no cost (Measures Art 10)."""
        return self.values.get("is_live") == "True" and float(self.values.get("fee") or 0) == 0


def replay(changes: Iterable[Change]) -> list[Span]:
    """Return how a way was, entry by entry. Before the first entry nothing is known, and nothing is said."""
    spans: list[Span] = []
    values: dict[str, str] = {}
    since: datetime | None = None
    for change in sorted(changes, key=lambda change: change.at):
        if since is not None:
            spans.append(Span(since, change.at, dict(values)))
        values |= change.values
        since = None if change.is_end else change.at
    if since is not None:
        spans.append(Span(since, None, dict(values)))
    return spans


def within(spans: Iterable[Span], since: datetime, until: datetime) -> list[Span]:
    """Return the parts of these spans that lie in a period."""
    found = []
    for span in spans:
        begins, ends = max(span.since, since), min(span.until or until, until)
        if begins < ends:
            found.append(Span(begins, ends, span.values))
    return found


def gaps(spans: Sequence[Span], since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """Return the parts of a period in which no way is recorded as working, for nothing."""
    found, reached = [], since
    for span in sorted((span for span in within(spans, since, until) if span.works), key=lambda span: span.since):
        if span.since > reached:
            found.append((reached, span.since))
        reached = max(reached, span.until or until)
    return [*found, (reached, until)] if reached < until else found
