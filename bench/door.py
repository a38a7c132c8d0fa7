"""From a photo at a door to its answer, through HTTP, queue and worker: against the engine alone on the same photo."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.rows import Row, within
from bench.sides import KINDS, from_packages
from portal.stack.run import Stack
from recognition.engine.codes import FaceRejected
from recognition.engine.deepface_engine import DeepFaceEngine
from recognition.engine.quality import AT_THE_DOOR
from tests.rehearsal import play

PASSWORD = "only-for-the-bench-1d6c"  # noqa: S105 - of a stack that is thrown away
ROUNDS = 40


def rows(faces: Path | None) -> Iterator[Row]:
    folder = faces or from_packages()
    photos = [path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix.lower() in KINDS]
    with Stack(outer={"DEMO_PASSWORD": PASSWORD}, processes=("web", "recognition", "default"), seed=True) as stack:
        actors = play.Play(url=stack.url, password=PASSWORD)
        try:
            for step in play.TO_AN_ENROLMENT:
                step(actors)
            ours, rival = _in_turn(actors, photos)
        finally:
            actors.close()
    yield within(
        "device request with a photo to door decision (median)",
        ours=ours,
        rival=rival,
        rival_name="the engine alone",
        times=1.3,
    )


def _in_turn(actors: play.Play, photos: list[bytes]) -> tuple[float, float]:
    """Return the median seconds of a decision and of the engine alone, taken in turn on the same photos."""
    engine = DeepFaceEngine()
    photos = [photo for photo in photos if _is_taken(engine, photo)]
    for photo in photos:
        # TensorFlow prepares itself for each new size of a photo: the door's worker has now seen what ours has seen.
        actors.things["verify"].ask(photo, person=actors.things["person"])
    doors, engines = [], []
    for number in range(ROUNDS):
        photo = photos[number % len(photos)]
        start = time.perf_counter()
        actors.things["verify"].ask(photo, person=actors.things["person"])
        doors.append(time.perf_counter() - start)
        start = time.perf_counter()
        engine.represent(photo, limits=AT_THE_DOOR)
        engines.append(time.perf_counter() - start)
    return median(doors), median(engines)


def _is_taken(engine: DeepFaceEngine, photo: bytes) -> bool:
    try:
        engine.represent(photo, limits=AT_THE_DOOR)
    except FaceRejected:
        return False
    return True
