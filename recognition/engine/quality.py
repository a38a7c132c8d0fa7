"""Which photos are good enough to make a template of, and what to tell a person whose photo is not.

Pure: measures come in (`measures.py` takes them), a reason goes out. The numbers were measured; how, and how well each
measure works, is in docs/models.md. A property chooses one of three levels and never a number: no level goes beyond
what the recognition itself was measured with.
"""

from dataclasses import dataclass
from enum import StrEnum

from recognition.engine.codes import FaceRejected, RejectionCode
from recognition.engine.protocol import FaceQuality


class Level(StrEnum):
    """How strictly a property looks at photos. The same values as `tenants.organizations.kinds.PhotoQuality`."""

    LENIENT = "lenient"
    STANDARD = "standard"
    STRICT = "strict"


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """The least a photo must have. Angles in degrees, the others in the units of `FaceQuality`."""

    face_px: int
    sharpness: float
    darkest: float
    brightest: float
    overexposed: float
    evenness: float
    turned: float  # yaw and pitch, the larger of the two
    tilted: float
    eyes_seen: float
    mouth_seen: float
    score: int


LIMITS: dict[Level, QualityLimits] = {
    Level.LENIENT: QualityLimits(
        face_px=60,
        sharpness=20.0,
        darkest=30.0,
        brightest=235.0,
        overexposed=0.40,
        evenness=0.25,
        turned=45.0,
        tilted=45.0,
        eyes_seen=0.30,
        mouth_seen=0.45,
        score=0,
    ),
    Level.STANDARD: QualityLimits(
        face_px=80,
        sharpness=25.0,
        darkest=35.0,
        brightest=230.0,
        overexposed=0.25,
        evenness=0.35,
        turned=35.0,
        tilted=35.0,
        eyes_seen=0.45,
        mouth_seen=0.60,
        score=0,
    ),
    Level.STRICT: QualityLimits(
        face_px=120,
        sharpness=60.0,
        darkest=50.0,
        brightest=215.0,
        overexposed=0.10,
        evenness=0.60,
        turned=25.0,
        tilted=20.0,
        eyes_seen=0.55,
        mouth_seen=0.75,
        score=50,
    ),
}

# A probe at a door is compared and forgotten: what can be judged at all is judged.
AT_THE_DOOR = LIMITS[Level.LENIENT]

# Where each property is neither better nor worse for the recognition: full marks from here on.
_GOOD = QualityLimits(
    face_px=170,
    sharpness=150.0,
    darkest=90.0,
    brightest=180.0,
    overexposed=0.0,
    evenness=0.85,
    turned=10.0,
    tilted=5.0,
    eyes_seen=0.65,
    mouth_seen=0.90,
    score=0,
)
_EYES_OPEN = (0.010, 0.040)  # shut for certain, open for certain: too weak a measure to refuse anybody by it


def limits(level: str) -> QualityLimits:
    """The limits of one level. ValueError for an unknown one: a typing error must not loosen anything."""
    return LIMITS[Level(level)]


def require(quality: FaceQuality, limits: QualityLimits) -> None:
    """Raise FaceRejected with the reason that helps the person most: what hides the others comes first."""
    for code, is_kept in _kept(quality, limits):
        if not is_kept:
            raise FaceRejected(code)
    if score(quality) < limits.score:
        grades = _grades(quality)
        raise FaceRejected(min(grades, key=grades.__getitem__))


def score(quality: FaceQuality) -> int:
    """0 to 100: half of it is the weakest property, half the mean of all. It says nothing about who it is."""
    grades = [*_grades(quality).values(), _share(quality.eyes_open, *_EYES_OPEN)]
    return round(50 * min(_grades(quality).values()) + 50 * sum(grades) / len(grades))


def _kept(quality: FaceQuality, limits: QualityLimits) -> list[tuple[RejectionCode, bool]]:
    mouth_seen = 1.0 if quality.mouth_seen is None else quality.mouth_seen
    return [
        (RejectionCode.FACE_TOO_SMALL, quality.face_px >= limits.face_px),
        (RejectionCode.TOO_DARK, quality.brightness >= limits.darkest),
        (RejectionCode.TOO_BRIGHT, quality.brightness <= limits.brightest),
        (RejectionCode.TOO_BRIGHT, quality.overexposed <= limits.overexposed),
        (RejectionCode.BLURRED, quality.sharpness >= limits.sharpness),
        (RejectionCode.TURNED_AWAY, max(abs(quality.yaw), abs(quality.pitch)) <= limits.turned),
        (RejectionCode.TILTED, abs(quality.roll) <= limits.tilted),
        (RejectionCode.MOUTH_COVERED, mouth_seen >= limits.mouth_seen),
        (RejectionCode.EYES_COVERED, quality.eyes_seen >= limits.eyes_seen),
        (RejectionCode.UNEVEN_LIGHT, quality.evenness >= limits.evenness),
    ]


def _grades(quality: FaceQuality) -> dict[RejectionCode, float]:
    """Each property from 0 (as bad as the lenient level takes) to 1 (as good as it needs to be)."""
    worst = LIMITS[Level.LENIENT]
    turned = max(abs(quality.yaw), abs(quality.pitch))
    mouth_seen = 1.0 if quality.mouth_seen is None else quality.mouth_seen
    dark = _share(quality.brightness, worst.darkest, _GOOD.darkest)
    bright = _share(quality.brightness, worst.brightest, _GOOD.brightest)
    return {
        RejectionCode.FACE_TOO_SMALL: _share(quality.face_px, worst.face_px, _GOOD.face_px),
        RejectionCode.BLURRED: _share(quality.sharpness, worst.sharpness, _GOOD.sharpness),
        RejectionCode.TOO_DARK: dark,
        RejectionCode.TOO_BRIGHT: min(bright, _share(quality.overexposed, worst.overexposed, _GOOD.overexposed)),
        RejectionCode.UNEVEN_LIGHT: _share(quality.evenness, worst.evenness, _GOOD.evenness),
        RejectionCode.TURNED_AWAY: _share(turned, worst.turned, _GOOD.turned),
        RejectionCode.TILTED: _share(abs(quality.roll), worst.tilted, _GOOD.tilted),
        RejectionCode.EYES_COVERED: _share(quality.eyes_seen, worst.eyes_seen, _GOOD.eyes_seen),
        RejectionCode.MOUTH_COVERED: _share(mouth_seen, worst.mouth_seen, _GOOD.mouth_seen),
    }


def _share(value: float, worst: float, good: float) -> float:
    return min(1.0, max(0.0, (value - worst) / (good - worst)))
