"""One engine tried on one folder of labelled photos. Photos and embeddings live in memory and end with the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognition.engine import evaluation
from recognition.engine.codes import FaceRejected, RejectionCode
from recognition.engine.evaluation import Rate, Scored
from recognition.engine.pairs import Labelled, Pair
from recognition.engine.protocol import FaceEngine
from recognition.engine.quality import QualityLimits

ACROSS = "across groups"


@dataclass(frozen=True)
class Calibration:
    """What was measured. `refused` tells by file why there is no template of it."""

    labelled: Labelled
    scored: Scored
    refused: dict[str, RejectionCode]
    wanted: float
    threshold: float
    groups: dict[str, tuple[Scored, int, int]] = field(default_factory=dict)  # scores, photos, refused

    def as_dict(self, *, engine: FaceEngine) -> dict[str, Any]:
        """The numbers for a machine: rates from 0 to 1, no file name, no score of a single pair."""
        found = evaluation.curve(self.scored)
        reasons = Counter(code.value for code in self.refused.values())
        return {
            "model_version": engine.model_version,
            "photos": len(self.labelled.files),
            "pairs": len(self.scored.same) + len(self.scored.different),
            "pairs_same": len(self.scored.same),
            "pairs_different": len(self.scored.different),
            "pairs_given": len(self.labelled.pairs),
            "auc": evaluation.area(self.scored),
            "eer": evaluation.equal_error_rate(found),
            "confidence": evaluation.CONFIDENCE,
            "wanted_fmr": self.wanted,
            "pairs_different_needed": evaluation.pairs_needed(self.wanted),
            **_at(self.scored, self.threshold),
            "in_use": _at(self.scored, engine.threshold),
            "failures_to_enroll": len(self.refused),
            "failures_by_reason": dict(sorted(reasons.items())),
            "groups": {
                name: {"photos": photos, "failures_to_enroll": refused, **_at(scored, self.threshold)}
                for name, (scored, photos, refused) in sorted(self.groups.items())
            },
        }


def calibrate(*, engine: FaceEngine, labelled: Labelled, wanted: float, limits: QualityLimits) -> Calibration:
    """Try an engine. Raises ValueError when too few photos gave a template, WeightsError without its models."""
    rows: dict[str, NDArray[np.float32]] = {}
    refused: dict[str, RejectionCode] = {}
    for name in labelled.files:
        try:
            rows[name] = engine.represent((labelled.folder / name).read_bytes(), limits=limits).embedding
        except FaceRejected as rejected:
            refused[name] = rejected.code
    scored = _score(labelled.pairs, rows)
    threshold = evaluation.threshold_for(scored, wanted)
    return Calibration(
        labelled=labelled,
        scored=scored,
        refused=refused,
        wanted=wanted,
        threshold=threshold,
        groups=dict(_by_group(labelled, rows)) if labelled.groups else {},
    )


def _score(pairs: Iterable[Pair], rows: dict[str, NDArray[np.float32]]) -> Scored:
    kinds: dict[bool, list[float]] = {True: [], False: []}
    for pair in pairs:
        if pair.one in rows and pair.other in rows:
            kinds[pair.is_same].append(float(rows[pair.one] @ rows[pair.other]))
    return Scored(same=np.array(kinds[True], dtype=np.float64), different=np.array(kinds[False], dtype=np.float64))


def _by_group(
    labelled: Labelled, rows: dict[str, NDArray[np.float32]]
) -> Iterable[tuple[str, tuple[Scored, int, int]]]:
    """Each group by itself, and what lies across: averages hide the group that is served worst."""
    belongs = {name: labelled.groups.get(name, "") for name in labelled.files}
    for group in sorted(set(belongs.values()) - {""}):
        members = [name for name in labelled.files if belongs[name] == group]
        within = [pair for pair in labelled.pairs if belongs[pair.one] == group == belongs[pair.other]]
        yield group, (_score(within, rows), len(members), sum(name not in rows for name in members))
    across = [pair for pair in labelled.pairs if "" != belongs[pair.one] != belongs[pair.other] != ""]
    if across:
        files = {name for pair in across for name in (pair.one, pair.other)}
        yield ACROSS, (_score(across, rows), len(files), sum(name not in rows for name in files))


def _at(scored: Scored, threshold: float) -> dict[str, Any]:
    matches, non_matches = scored.false_matches(threshold), scored.false_non_matches(threshold)
    return {"threshold": threshold, **_rate("fmr", matches), **_rate("fnmr", non_matches)}


def _rate(name: str, rate: Rate) -> dict[str, Any]:
    return {name: rate.share, f"{name}_interval": rate.interval, f"{name}_errors": rate.errors, f"{name}_of": rate.of}
