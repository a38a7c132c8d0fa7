"""How well same and different people come apart: our aligned faces against DeepFace's, through the same network."""

import csv
from collections.abc import Iterator, Set
from pathlib import Path

import numpy as np

from bench.rows import Row, higher
from bench.sides import DEEPFACE, OURS, Run, from_packages, measured

RIVAL = "DeepFace.represent (mtcnn, Dlib)"
ENOUGH = 30  # pairs of one person: with fewer both sides get them all right


def rows(faces: Path | None) -> Iterator[Row]:
    folder = faces or from_packages()
    if not (folder / "pairs.csv").is_file():
        return
    runs = [measured(side, folder) for side in (OURS, DEEPFACE)]
    pairs = list(_pairs(folder / "pairs.csv", in_both=runs[0].embeddings.keys() & runs[1].embeddings.keys()))
    ours, rival = (_similarities(run, pairs) for run in runs)
    counted = f"{len(ours[0])} pairs of one person, {len(ours[1])} of two"
    if len(ours[0]) >= ENOUGH:
        yield higher(f"area under the curve, {counted}", ours=_area(*ours), rival=_area(*rival), rival_name=RIVAL)
    yield higher(f"gap of mean similarities, {counted}", ours=_gap(*ours), rival=_gap(*rival), rival_name=RIVAL)


def _pairs(table: Path, *, in_both: Set[str]) -> Iterator[tuple[str, str, bool]]:
    """A pair with a photo that one side refused counts for neither."""
    with table.open(newline="") as lines:
        for line in csv.DictReader(lines):
            if {line["file_x"], line["file_y"]} <= in_both:
                yield line["file_x"], line["file_y"], line["same"] == "yes"


def _similarities(run: Run, pairs: list[tuple[str, str, bool]]) -> tuple[np.ndarray, np.ndarray]:
    """The cosines of the pairs of one person, and of two."""
    rows = run.embeddings
    cosines = np.array([np.dot(rows[one], rows[other]) for one, other, _same in pairs])
    of_one = np.array([same for *_files, same in pairs])
    return cosines[of_one], cosines[~of_one]


def _area(same: np.ndarray, different: np.ndarray) -> float:
    above = same[:, None] > different[None, :]
    equal = same[:, None] == different[None, :]
    return float((above + 0.5 * equal).mean())


def _gap(same: np.ndarray, different: np.ndarray) -> float:
    return float(same.mean() - different.mean())
