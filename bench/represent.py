"""From full-size photos to embeddings: our engine against DeepFace.represent with the same detector and network."""

from collections.abc import Iterator
from pathlib import Path

from bench.rows import Row, faster, within
from bench.sides import DEEPFACE, OURS, from_packages, measured

RIVAL = "DeepFace.represent (mtcnn, Dlib)"


def rows(faces: Path | None) -> Iterator[Row]:
    folder = faces or from_packages()
    ours, rival = measured(OURS, folder), measured(DEEPFACE, folder)
    yield faster(
        f"photo to template, {len(ours.embeddings)} of {ours.photos} full-size photos taken",
        ours=ours.seconds / ours.photos,
        rival=rival.seconds / rival.photos,
        rival_name=RIVAL,
        times=6,
        unit="s a photo",
    )
    yield within(
        "peak memory of that process", ours=ours.peak_mb, rival=rival.peak_mb, rival_name=RIVAL, times=0.2, unit="MB"
    )
