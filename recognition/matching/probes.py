"""The face before a door, as numbers: one probe for each model that the property still has templates of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from recognition.engine.protocol import FaceEngine


@dataclass(frozen=True, slots=True)
class Probe:
    """An embedding with what is needed to compare it: only with templates of the same model version.

    Kept out of `repr`, so that it cannot slip into a log.
    """

    embedding: NDArray[np.float32] = field(repr=False)  # (dimension,), float32, length 1
    model_version: str
    threshold: float
    margin: float

    @classmethod
    def of(cls, engine: FaceEngine, embedding: NDArray[np.float32]) -> Probe:
        return cls(embedding, engine.model_version, engine.threshold, engine.margin)
