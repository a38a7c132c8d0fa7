"""One person among half a million in memory: our exact scan against the two NumPy calls it cannot do without."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench.rows import Row, within
from bench.timing import side_by_side
from recognition.matching.gallery import Gallery

COUNT, DIMENSION, ROUNDS = 500_000, 128, 15


def rows(faces: Path | None) -> Iterator[Row]:
    random = np.random.default_rng(7)
    stored = random.standard_normal((COUNT, DIMENSION), dtype=np.float32)
    stored /= np.linalg.norm(stored, axis=1, keepdims=True)
    gallery = Gallery(1, "bench", tuple(uuid.UUID(int=i) for i in range(COUNT)), stored)
    probe = stored[COUNT // 2] + np.float32(0.01) * stored[0]
    found = gallery.nearest(probe)  # the index is made by the first question
    if found[0].person_id.int != int(np.argmax(stored @ probe)):
        raise AssertionError("Both must find the same person.")
    # Ours names the two most similar persons: a door must know by how much the first leads.
    ours, rival = side_by_side(lambda: gallery.nearest(probe), lambda: int(np.argmax(stored @ probe)), rounds=ROUNDS)
    yield within(
        f"match among {COUNT:,} in memory",
        ours=ours * 1000,
        rival=rival * 1000,
        rival_name="NumPy, argmax(rows @ probe)",
        times=1.3,
        unit="ms",
    )
