"""How well an engine tells people apart: error rates, thresholds and their uncertainty. Pure NumPy, no files.

Terms as in ISO/IEC 19795-1: a false match is a pair of different people at or above the threshold, a false
non-match a pair of one person's photos below it. Scores are similarities: more is more alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something went wrong, of how many, and between which true rates that is believable."""

    errors: int
    of: int

    @property
    def share(self) -> float | None:
        return self.errors / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return interval(self.errors, self.of) if self.of else None


@dataclass(frozen=True, slots=True)
class Curve:
    """Both error rates at every threshold that changes one of them, the thresholds rising."""

    thresholds: Scores  # (n,)
    fmr: Scores  # (n,), falling from 1 to 0
    fnmr: Scores  # (n,), rising from 0


@dataclass(frozen=True, slots=True)
class Scored:
    """The similarities of the pairs that could be compared, (n,) each, in any order."""

    same: Scores
    different: Scores

    def false_matches(self, threshold: float) -> Rate:
        return Rate(int(np.count_nonzero(self.different >= threshold)), len(self.different))

    def false_non_matches(self, threshold: float) -> Rate:
        return Rate(int(np.count_nonzero(self.same < threshold)), len(self.same))


def area(scored: Scored) -> float:
    """Area under the ROC curve: the chance that a pair of one person is more alike than one of two; ties count half.

    That is the Mann–Whitney statistic (Hanley and McNeil, Radiology 143, 1982). ValueError without pairs of both kinds.
    """
    _require_both(scored)
    different = np.sort(scored.different)
    below = np.searchsorted(different, scored.same, side="left")
    ties = np.searchsorted(different, scored.same, side="right") - below
    return float((below + ties / 2).sum() / len(scored.same) / len(different))


def curve(scored: Scored) -> Curve:
    """Error rates at each score that occurs and just above the highest one. ValueError without pairs of both kinds."""
    _require_both(scored)
    same, different = np.sort(scored.same), np.sort(scored.different)
    seen = np.unique(np.concatenate([same, different]))
    thresholds = np.append(seen, np.nextafter(seen[-1], np.inf))
    return Curve(
        thresholds=thresholds,
        fmr=1 - np.searchsorted(different, thresholds, side="left") / len(different),
        fnmr=np.searchsorted(same, thresholds, side="left") / len(same),
    )


def equal_error_rate(found: Curve) -> float:
    """Where both error rates are the same, on straight lines between the thresholds that occur."""
    lead = found.fmr - found.fnmr  # falls from 1 to −1
    at = int(np.argmax(lead <= 0))
    if lead[at] == 0 or at == 0:
        return float(found.fmr[at])
    share = lead[at - 1] / (lead[at - 1] - lead[at])
    return float(found.fmr[at - 1] + share * (found.fmr[at] - found.fmr[at - 1]))


def threshold_for(scored: Scored, wanted: float) -> float:
    """The lowest threshold with at most `wanted` false matches (0 to 1), half-way to the next score that occurs.

    Half-way, because a threshold that touches a score decides by rounding.
    """
    _require_both(scored)
    if not 0 < wanted < 1:
        raise ValueError("A false-match rate lies between 0 and 1.")
    different = np.sort(scored.different)[::-1]
    allowed = math.floor(wanted * len(different) + 1e-9)  # 0.29 of 100 are 29, also in floating point
    highest = float(different[allowed])  # the first that must stay below; wanted < 1, so there is one
    above = np.concatenate([scored.same, scored.different])
    above = above[above > highest]
    return (highest + float(above.min())) / 2 if len(above) else float(np.nextafter(highest, np.inf))


def pairs_needed(wanted: float) -> int:
    """How many pairs without a single false match would show the wanted rate: the rule of three."""
    return math.ceil(3 / wanted)


def interval(errors: int, of: int) -> tuple[float, float]:
    """The true rates that fit `errors` of `of`, exact, at a confidence of 95 %.

    Clopper and Pearson, Biometrika 26 (1934). Without an error the upper end is one-sided, 1 − 0.05^(1/n): the rule
    of three, 3/n (Hanley and Lippman-Hand, JAMA 249, 1983). Pairs that share photos are not independent: the truth is
    wider.
    """
    if not 0 <= errors <= of or of < 1:
        raise ValueError("Errors are some of at least one.")
    if errors == 0:
        return 0.0, 1 - (1 - CONFIDENCE) ** (1 / of)
    if errors == of:
        return (1 - CONFIDENCE) ** (1 / of), 1.0
    tail = (1 - CONFIDENCE) / 2
    return (
        _bisect(lambda rate: 1 - _at_most(errors - 1, of, rate) >= tail),
        _bisect(lambda rate: _at_most(errors, of, rate) <= tail),
    )


def _bisect(is_reached: Callable[[float], bool]) -> float:
    """The rate from which on something monotone is true; 60 halvings are more than a float tells apart."""
    low, high = 0.0, 1.0
    for _halving in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if is_reached(middle) else (middle, high)
    return (low + high) / 2


def _at_most(errors: int, of: int, rate: float) -> float:
    """The binomial chance of at most so many errors, by logarithms: the terms themselves leave a float's range."""
    if not 0 < rate < 1:
        return float(rate <= 0)
    steps = np.arange(errors)
    choose = np.concatenate([[0.0], np.cumsum(np.log((of - steps) / (steps + 1)))])
    counts = np.arange(errors + 1)
    terms = choose + counts * math.log(rate) + (of - counts) * math.log1p(-rate)
    largest = terms.max()
    return min(1.0, float(np.exp(terms - largest).sum() * math.exp(largest)))


def _require_both(scored: Scored) -> None:
    if not len(scored.same) or not len(scored.different):
        raise ValueError("Too few photos gave a template: no pair of one person, or none of two, is left to compare.")
