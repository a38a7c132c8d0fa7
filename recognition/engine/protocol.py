"""What the rest of the portal knows of a face library. Importing this loads no library."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from recognition.engine.quality import QualityLimits


@dataclass(frozen=True, slots=True)
class FaceQuality:
    """Measures of the photo, kept with an enrolment: they say nothing about who it shows.

    Data minimisation (PIPL Art 6): no age, gender, emotion or ethnicity, and none may be added.
    """

    face_px: int  # height of the face box in pixels of the decoded photo
    confidence: float  # of the detector, 0 to 1
    sharpness: float  # variance of the Laplacian of the aligned face
    brightness: float  # mean grey level of the aligned face, 0 to 255
    overexposed: float = 0.0  # share of the aligned face that is white without detail, 0 to 1
    evenness: float = 1.0  # the darker cheek's grey level over the lighter one's
    yaw: float = 0.0  # degrees, rough: turned to a side
    pitch: float = 0.0  # degrees, rougher: looking up or down
    roll: float = 0.0  # degrees: leaning to a side
    eyes_seen: float = 1.0  # lightness around the eyes over the skin below them; dark glasses 0.24 or less
    mouth_seen: float | None = 1.0  # redness of nose and cheeks over the brow's; None: a photo without colour
    eyes_open: float = 0.04  # liveliness of the eyes' texture, weak: part of the score only
    liveness: float | None = None  # how sure the liveness test is that the face is live, 0 to 1; None: there is no test
    score: int = 100  # 0 to 100, of `quality.score`

    def scored(self, score: int) -> FaceQuality:
        return replace(self, score=score)

    def tested(self, liveness: float) -> FaceQuality:
        return replace(self, liveness=liveness)


@dataclass(frozen=True, slots=True)
class FaceResult:
    """One face. The embedding is kept out of `repr`, so that it cannot slip into a log."""

    embedding: NDArray[np.float32] = field(repr=False)  # (dimension,), float32, length 1
    quality: FaceQuality


class FaceEngine(Protocol):
    """Turns one photo into one embedding. Embeddings of different `model_version`s never compare.

    Rows have length 1, so the similarity of two is their dot product (the cosine), -1 to 1.
    """

    @property
    def model_version(self) -> str:
        """Short stable id of everything that shapes an embedding; stored with each template."""

    @property
    def dimension(self) -> int: ...

    @property
    def threshold(self) -> float:
        """The least similarity at which two embeddings may be called the same person."""

    @property
    def margin(self) -> float:
        """1:N only: the best person must be this much more similar than the next one, else no match."""

    def represent(self, photo: bytes, *, limits: QualityLimits | None = None) -> FaceResult:
        """The one face in an encoded photo. Raises `codes.FaceRejected`, also for less quality than `limits`.

        Without limits the standard ones hold; a door that only compares passes `quality.AT_THE_DOOR`.
        """

    def warm_up(self) -> None:
        """Loads the models now rather than with the first photo. Never call it before a fork."""
