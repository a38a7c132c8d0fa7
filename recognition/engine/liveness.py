"""Whether the engine can tell a live face from a picture of one. Importing this loads no library.

DeepFace's FasNet judges one still photo. It has been reported wrong in both directions and is certified by nobody
(ISO/IEC 30107-3 asks for a laboratory): it is one more hurdle, and no replacement for a terminal that tests by itself.
Its weights are in no package, so they are here only where somebody put them.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recognition.engine import weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Apache-2.0 (minivision-ai/Silent-Face-Anti-Spoofing), converted by DeepFace's author for TensorFlow.
FILES = ("2.7_80x80_MiniFASNetV2.h5", "4_0_0_80x80_MiniFASNetV1SE.h5")


class LivenessTest(Protocol):
    """The shape of DeepFace's `Fasnet`."""

    def analyze(self, img: NDArray[Any], facial_area: tuple[int, int, int, int]) -> tuple[bool, float]:
        """Whether the face at x, y, width, height of a BGR picture is live, and how sure that is (0 to 1)."""


class Liveness(StrEnum):
    """`on`: a photo that fails the test is refused. `absent`: no weights. `off`: switched off by the setting."""

    ON = "on"
    OFF = "off"
    ABSENT = "absent"


_SENTENCES: dict[Liveness, Promise] = {
    Liveness.ON: _(
        "Each photo passes a liveness test of DeepFace. Nobody has certified it: at a door that is not watched, "
        "prefer a terminal that tests by itself."
    ),
    Liveness.OFF: _(
        "No liveness test here: it is switched off. A picture of a face may pass for the face, so use faces only at "
        "doors that are watched, or with terminals that test by themselves."
    ),
    Liveness.ABSENT: _(
        "No liveness test here: its files are not installed. A picture of a face may pass for the face, so use faces "
        "only at doors that are watched, or with terminals that test by themselves."
    ),
}


def sentence(state: Liveness) -> Promise:
    """What a manager should know, translated when it is shown."""
    return _SENTENCES[state]


def state(home: Path | None = None) -> Liveness:
    """Look at files only, so that the web process may ask too. Where both weights are in place the test is required."""
    if getattr(settings, "FACE_ANTI_SPOOFING", "auto") == "off":
        return Liveness.OFF
    return Liveness.ON if all(path.is_file() for path in _paths(home)) else Liveness.ABSENT


def verify(home: Path | None = None) -> None:
    """Compare the weights with the sums that whoever fetched them wrote down. Raises WeightsError.

    No package carries these files, so we know no sum of theirs: without FACE_ANTI_SPOOFING_SHA256 nothing is compared.
    """
    wanted = [str(sha256).lower() for sha256 in getattr(settings, "FACE_ANTI_SPOOFING_SHA256", ())]
    if not wanted:
        return
    found = [hashlib.sha256(path.read_bytes()).hexdigest() for path in _paths(home)]
    if found != wanted:
        raise weights.WeightsError(
            f"{' or '.join(FILES)} is not the file whose SHA-256 stands in FACE_ANTI_SPOOFING_SHA256, in this order.",
            FILES[1] if found[0] == wanted[0] else FILES[0],
        )


def _paths(home: Path | None) -> list[Path]:
    return [weights.folder(home) / name for name in FILES]
