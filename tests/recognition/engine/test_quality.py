"""Limits, reasons and the score, without a model."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from django.utils import translation

from recognition.engine import codes, measures, quality
from recognition.engine.codes import FaceRejected, RejectionCode
from recognition.engine.faces import Face, only_face
from recognition.engine.protocol import FaceQuality
from recognition.engine.quality import LIMITS, Level
from tenants.organizations.kinds import PhotoQuality

GOOD = FaceQuality(face_px=300, confidence=1.0, sharpness=300.0, brightness=140.0)

# One property spoiled: less than the standard level takes, and the reason that a person must read.
SPOILED: list[tuple[dict[str, Any], RejectionCode]] = [
    ({"face_px": 79}, RejectionCode.FACE_TOO_SMALL),
    ({"sharpness": 24.0}, RejectionCode.BLURRED),
    ({"brightness": 34.0}, RejectionCode.TOO_DARK),
    ({"brightness": 231.0}, RejectionCode.TOO_BRIGHT),
    ({"overexposed": 0.3}, RejectionCode.TOO_BRIGHT),
    ({"evenness": 0.3}, RejectionCode.UNEVEN_LIGHT),
    ({"yaw": -40.0}, RejectionCode.TURNED_AWAY),
    ({"pitch": 40.0}, RejectionCode.TURNED_AWAY),
    ({"roll": -40.0}, RejectionCode.TILTED),
    ({"eyes_seen": 0.2}, RejectionCode.EYES_COVERED),
    ({"mouth_seen": 0.3}, RejectionCode.MOUTH_COVERED),
]


def spoiled(**values: Any) -> FaceQuality:
    return dataclasses.replace(GOOD, **values)


def face(height: int, confidence: float = 0.99) -> Face:
    return Face(0, 0, height, height, confidence)


@pytest.mark.parametrize(("values", "code"), SPOILED)
def test_one_spoiled_property_is_refused_by_its_own_reason(values: dict[str, Any], code: RejectionCode) -> None:
    with pytest.raises(FaceRejected) as refused:
        quality.require(spoiled(**values), LIMITS[Level.STANDARD])
    assert refused.value.code is code
    assert quality.score(spoiled(**values)) < quality.score(GOOD) == 100


@pytest.mark.parametrize("level", Level)
def test_a_good_photo_passes_every_level(level: Level) -> None:
    quality.require(GOOD, quality.limits(level))


def test_a_stricter_level_takes_nothing_that_a_more_lenient_one_refuses() -> None:
    rising = {"face_px", "sharpness", "darkest", "evenness", "eyes_seen", "mouth_seen", "score"}
    for field in dataclasses.fields(quality.QualityLimits):
        values = [getattr(LIMITS[level], field.name) for level in Level]
        assert values == sorted(values, reverse=field.name not in rising), field.name


def test_no_level_goes_below_what_recognition_was_measured_with() -> None:
    """Faces of 40 pixels, a blur of 2 % and half a turn are beyond the table of docs/models.md."""
    loosest = LIMITS[Level.LENIENT]
    assert loosest.face_px >= 60
    assert loosest.sharpness >= 20
    assert loosest.turned <= 45
    assert quality.AT_THE_DOOR is loosest


def test_the_levels_are_those_that_a_property_can_choose() -> None:
    assert [level.value for level in Level] == PhotoQuality.values
    with pytest.raises(ValueError, match="lax"):
        quality.limits("lax")


def test_a_low_score_is_refused_by_the_weakest_property() -> None:
    weak = spoiled(evenness=0.62, sharpness=70.0, brightness=60.0, face_px=121, eyes_seen=0.56, roll=19.0, yaw=24.0)
    quality.require(weak, LIMITS[Level.STANDARD])
    with pytest.raises(FaceRejected) as refused:
        quality.require(weak, dataclasses.replace(LIMITS[Level.STRICT], score=90))
    assert refused.value.code is RejectionCode.BLURRED


def test_eyes_that_seem_shut_lower_the_score_and_refuse_nobody() -> None:
    """Measured without eyelids: too weak to send somebody away by it."""
    shut = spoiled(eyes_open=0.0)
    quality.require(shut, LIMITS[Level.STRICT])
    assert 90 <= quality.score(shut) < 100


def test_a_photo_without_colour_is_not_called_masked() -> None:
    quality.require(spoiled(mouth_seen=None), LIMITS[Level.STRICT])


def test_each_reason_says_what_to_do() -> None:
    with translation.override("en"):
        assert "Turn to the light" in str(codes.sentence(RejectionCode.UNEVEN_LIGHT))
        assert "Take off the mask" in str(codes.sentence(RejectionCode.MOUTH_COVERED))


def test_one_person_stands_before_the_camera() -> None:
    assert only_face([face(60), face(200)], least_px=80).height == 200
    with pytest.raises(FaceRejected, match="several_faces"):
        only_face([face(200), face(67)], least_px=80)
    assert only_face([face(200), face(67, 0.85)], least_px=80).height == 200
    with pytest.raises(FaceRejected, match="no_face"):
        only_face([face(200, 0.79)], least_px=80)
    with pytest.raises(FaceRejected, match="face_too_small"):
        only_face([face(79)], least_px=80)


def seen_from(yaw: float, pitch: float, roll: float) -> np.ndarray:
    """The five points of the mean head, turned: yaw to the side, pitch up or down, roll to a shoulder."""
    y, p, r = np.radians([yaw, pitch, roll])
    across = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    nod = np.array([[1, 0, 0], [0, np.cos(p), np.sin(p)], [0, -np.sin(p), np.cos(p)]])
    lean = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return (measures._HEAD @ (lean @ nod @ across).T)[:, :2] * 3 + 500


@pytest.mark.parametrize("turn", [(0, 0, 0), (30, 0, 0), (-30, 0, 0), (0, 25, 0), (0, -25, 0), (0, 0, 20), (0, 0, -20)])
def test_the_pose_of_a_mean_head_is_found(turn: tuple[float, float, float]) -> None:
    yaw, pitch, roll = measures.pose(seen_from(*turn))
    np.testing.assert_allclose((yaw, pitch, roll), turn, atol=1.0)


def test_points_that_fall_together_have_no_pose() -> None:
    assert measures.pose(np.zeros((5, 2))) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_plain_picture_is_measured_without_an_error(level: int) -> None:
    plain = np.full((150, 150, 3), level, dtype=np.uint8)
    points = tuple((float(x), float(y)) for x, y in seen_from(0, 0, 0))
    found = measures.measure(plain, dataclasses.replace(face(150), points=points))
    assert found.mouth_seen is None
    assert 0 <= found.score <= 50
