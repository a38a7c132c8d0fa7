"""One rule, one function: facts → whether it holds. The decorator adds what people are told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.utils.functional import Promise

from tenants.clearance.checks import Check, Mend, Severity

Facts = TypeVar("Facts")

MEASURES = date(2025, 6, 1)  # Order 19
PIPL = date(2021, 11, 1)
NDSMR = date(2025, 1, 1)  # State Council Order 790
CIVIL_CODE = date(2021, 1, 1)


@dataclass(frozen=True)
class Rule(Generic[Facts]):
    """A rule of the gate: its test, its words, its article, and the day from which it is law."""

    code: str
    test: Callable[[Facts], bool]
    holds: str | Promise
    broken: str | Promise
    detail: str | Promise
    article: str
    since: date
    severity: Severity
    mend: Mend
    # Whether there is anything yet that the rule can speak of. The gate does not ask: what is missing blocks by its
    # own rule; readiness counts as met only what applies.
    applies: Callable[[Facts], bool]

    def judge(self, facts: Facts) -> Check:
        """Return this rule's answer about these facts."""
        kept = self.test(facts)
        return Check(
            code=self.code,
            holds=kept,
            title=self.holds if kept else self.broken,
            detail=self.detail,
            article=self.article,
            since=self.since,
            severity=self.severity,
            mend=self.mend,
            applies=self.applies(facts),
        )


def rule(
    *,
    code: str,
    holds: str | Promise,
    broken: str | Promise,
    detail: str | Promise,
    article: str,
    since: date = MEASURES,
    severity: Severity = Severity.BLOCKS,
    mend: Mend = Mend.NOTHING,
    applies: Callable[[Any], bool] = lambda _facts: True,
) -> Callable[[Callable[[Facts], bool]], Rule[Facts]]:
    """Make a rule of a function that says whether it is kept."""

    def made(test: Callable[[Facts], bool]) -> Rule[Facts]:
        return Rule(code, test, holds, broken, detail, article, since, severity, mend, applies)

    return made
