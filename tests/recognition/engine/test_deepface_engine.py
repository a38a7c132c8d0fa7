"""The real model on real photos. Numbers behind the limits: docs/models.md."""

import itertools
import multiprocessing
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from recognition.engine import deepface_engine, services, weights
from recognition.engine.codes import FaceRejected
from recognition.engine.deepface_engine import MARGIN, THRESHOLD, DeepFaceEngine, LoadedBeforeFork
from recognition.engine.protocol import FaceEngine, FaceResult
from tests import photos

# The libraries' own deprecations are theirs to mend; ours still fail a test elsewhere.
pytestmark = [pytest.mark.model, pytest.mark.filterwarnings("ignore")]

SAME_PERSON = ("obama.jpg", "obama2.jpg", "obama3.jpg")
OTHER_PEOPLE = ("biden.jpg", "astronaut.png")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeepFaceEngine]:
    before = dict(os.environ)
    yield DeepFaceEngine(home=tmp_path_factory.mktemp("models"), threads=1)
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def faces(engine: DeepFaceEngine) -> dict[str, FaceResult]:
    return {name: engine.represent(photos.photo(name)) for name in (*SAME_PERSON, *OTHER_PEOPLE)}


def similarity(one: FaceResult, other: FaceResult) -> float:
    return float(one.embedding @ other.embedding)


def test_an_embedding_is_a_unit_row_of_the_declared_dimension(faces: dict[str, FaceResult]) -> None:
    for face in faces.values():
        assert face.embedding.shape == (DeepFaceEngine.dimension,)
        assert face.embedding.dtype == np.float32
        assert np.linalg.norm(face.embedding) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(SAME_PERSON, 2)))
def test_two_photos_of_one_person_match(faces: dict[str, FaceResult], one: str, other: str) -> None:
    assert similarity(faces[one], faces[other]) >= THRESHOLD


@pytest.mark.parametrize(("one", "other"), [*itertools.product(SAME_PERSON, OTHER_PEOPLE), OTHER_PEOPLE])
def test_two_people_do_not_match(faces: dict[str, FaceResult], one: str, other: str) -> None:
    assert similarity(faces[one], faces[other]) < THRESHOLD - MARGIN


def test_the_same_photo_gives_the_same_embedding(engine: DeepFaceEngine, faces: dict[str, FaceResult]) -> None:
    again = engine.represent(photos.photo("obama.jpg"))
    np.testing.assert_allclose(again.embedding, faces["obama.jpg"].embedding, atol=1e-5)


@pytest.mark.parametrize("variant", [photos.cmyk, photos.exif_rotated, photos.background_face])
def test_an_unusual_but_usable_photo_still_matches(
    engine: DeepFaceEngine, faces: dict[str, FaceResult], variant: Callable[[], bytes]
) -> None:
    assert similarity(engine.represent(variant()), faces["obama2.jpg"]) >= THRESHOLD


@pytest.mark.parametrize("code", photos.BAD_INPUTS)
def test_a_bad_photo_is_refused_with_its_code(engine: DeepFaceEngine, code: str) -> None:
    with pytest.raises(FaceRejected) as refused:
        engine.represent(photos.BAD_INPUTS[code]())
    assert refused.value.code == code


def test_a_cat_is_not_a_face(engine: DeepFaceEngine) -> None:
    with pytest.raises(FaceRejected, match="no_face"):
        engine.represent(photos.photo("chelsea.png"))


def test_a_thumbnail_is_too_small(engine: DeepFaceEngine) -> None:
    with pytest.raises(FaceRejected, match="face_too_small"):
        engine.represent(photos.encoded(photos.opened("obama.jpg").resize((64, 80))))


def test_the_embedding_stays_out_of_logs(faces: dict[str, FaceResult]) -> None:
    assert "embedding" not in repr(faces["obama.jpg"])


def test_the_pixels_are_wiped_after_use(engine: DeepFaceEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[np.ndarray] = []
    decode, chip = deepface_engine.decode, deepface_engine._chip
    monkeypatch.setattr(deepface_engine, "decode", lambda data: seen.append(decode(data)) or seen[-1])
    monkeypatch.setattr(deepface_engine, "_chip", lambda *given: seen.append(chip(*given)) or seen[-1])
    engine.represent(photos.photo("obama.jpg"))
    assert len(seen) == 2
    assert not any(pixels.any() for pixels in seen)


def test_a_forked_process_is_told_instead_of_hanging(engine: DeepFaceEngine, faces: dict[str, FaceResult]) -> None:
    fork = multiprocessing.get_context("fork")
    answers = fork.SimpleQueue()

    def child() -> None:
        try:
            engine.represent(photos.photo("obama.jpg"))
        except LoadedBeforeFork as error:
            answers.put(str(error))

    process = fork.Process(target=child)
    process.start()
    process.join(20)
    if process.is_alive():
        process.kill()
        pytest.fail("the forked process hangs in the model")
    assert not answers.empty()
    assert "before this process was forked" in answers.get()


def test_untrusted_weights_stop_the_engine_before_any_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(home: Path | None) -> list[Path]:
        raise weights.WeightsError("not the file that we trust")

    monkeypatch.setattr(weights, "provision", refused)
    with pytest.raises(weights.WeightsError):
        DeepFaceEngine(home=tmp_path).represent(photos.photo("obama.jpg"))


def test_the_engine_is_made_once_in_a_process(settings: object) -> None:
    settings.FACE_ENGINE = services.DEFAULT_ENGINE  # type: ignore[attr-defined]
    first: FaceEngine = services.get_engine()
    assert isinstance(first, DeepFaceEngine)
    assert services.get_engine() is first


def test_the_model_version_fits_its_column() -> None:
    assert DeepFaceEngine().model_version == "dlib-resnet-v1/mtcnn/deepface-0.0.103/tensorflow"
