"""The real model on real photos. Numbers behind the limits: docs/models.md."""

import itertools
import multiprocessing
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from recognition.engine import cards, deepface_engine, liveness, quality, services, weights
from recognition.engine.codes import FaceRejected
from recognition.engine.deepface_engine import MARGIN, THRESHOLD, DeepFaceEngine, LoadedBeforeFork
from recognition.engine.protocol import FaceEngine, FaceResult
from recognition.engine.quality import Level
from tests import photos, portraits

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
        assert face.embedding.shape == (cards.DLIB.dimension,)
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


@pytest.mark.parametrize(
    ("code", "make"), [(code, make) for code, makes in portraits.TO_BE_TAKEN_AGAIN.items() for make in makes]
)
def test_a_portrait_to_be_taken_again_is_refused_with_what_to_do(
    engine: DeepFaceEngine, code: str, make: Callable[[], bytes]
) -> None:
    with pytest.raises(FaceRejected) as refused:
        engine.represent(make())
    assert refused.value.code == code


def test_clear_glasses_are_no_reason_to_refuse(engine: DeepFaceEngine) -> None:
    assert engine.represent(portraits.in_clear_glasses(), limits=quality.LIMITS[Level.STRICT]).quality.score > 80


def test_good_portraits_pass_the_strict_level_and_score_high(
    engine: DeepFaceEngine, faces: dict[str, FaceResult]
) -> None:
    assert all(face.quality.score >= 70 for name, face in faces.items() if name != "astronaut.png")
    engine.represent(photos.photo("obama.jpg"), limits=quality.LIMITS[Level.STRICT])


def test_a_strict_property_refuses_what_the_standard_takes(
    engine: DeepFaceEngine, faces: dict[str, FaceResult]
) -> None:
    assert faces["astronaut.png"].quality.face_px < 120
    with pytest.raises(FaceRejected, match="face_too_small"):
        engine.represent(photos.photo("astronaut.png"), limits=quality.LIMITS[Level.STRICT])


class Judge:
    """Stands in for FasNet, whose weights are in no package, and remembers what it was shown."""

    def __init__(self, *, finds_live: bool) -> None:
        self.finds_live = finds_live
        self.shown: list[tuple[tuple[int, ...], tuple[int, int, int, int], bytes]] = []

    def analyze(self, img: np.ndarray, facial_area: tuple[int, int, int, int]) -> tuple[bool, float]:
        self.shown.append((img.shape, facial_area, img[0, 0].tobytes()))
        return self.finds_live, 0.97


def test_without_a_liveness_test_a_photo_of_a_screen_is_taken(engine: DeepFaceEngine) -> None:
    """Said on the readiness page, in docs/models.md and here: quality alone cannot tell."""
    assert engine.represent(portraits.screen()).quality.liveness is None


def test_where_there_is_a_liveness_test_whoever_fails_it_is_refused(engine: DeepFaceEngine) -> None:
    judge = Judge(finds_live=False)
    strict = DeepFaceEngine(home=engine._home, threads=1, liveness_test=judge)
    with pytest.raises(FaceRejected, match="not_live"):
        strict.represent(portraits.screen())
    assert len(judge.shown) == 1


def test_a_live_face_keeps_how_sure_the_test_was(engine: DeepFaceEngine, faces: dict[str, FaceResult]) -> None:
    judge = Judge(finds_live=True)
    found = DeepFaceEngine(home=engine._home, threads=1, liveness_test=judge).represent(photos.photo("obama.jpg"))
    assert found.quality.liveness == 0.97
    np.testing.assert_allclose(found.embedding, faces["obama.jpg"].embedding, atol=1e-5)
    (shape, (x, y, width, height), corner), pixel = judge.shown[0], photos.opened("obama.jpg").getpixel((0, 0))
    assert shape == (1137, 910, 3), "FasNet looks around the face too: it gets the whole picture"
    assert (0 < x < 500, 0 < y < 200, width > 200, height > 300) == (True,) * 4
    assert corner == bytes(reversed(pixel)), "blue first, as OpenCV has it"


def test_unreadable_weights_of_the_liveness_test_stop_the_engine(engine: DeepFaceEngine, tmp_path: Path) -> None:
    weights.provision(tmp_path)
    for name in liveness.FILES:
        (weights.folder(tmp_path) / name).write_bytes(b"not a network")
    with pytest.raises(weights.WeightsError, match="liveness test cannot be read"):
        DeepFaceEngine(home=tmp_path, threads=1).warm_up()


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
