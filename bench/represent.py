"""From a full-size photo to a vector: our bounded engine against DeepFace.represent as documented."""

import io
import time

from PIL import Image

from recognition.engine.photos import decode
from recognition.engine.services import get_engine
from tests.photos import photo

SIDE = 3000  # what a phone of today sends
ROUNDS = 3


def run() -> str:
    picture = Image.open(io.BytesIO(photo("obama.jpg"))).convert("RGB")
    scale = SIDE / max(picture.size)
    buffer = io.BytesIO()
    picture.resize((round(picture.width * scale), round(picture.height * scale))).save(buffer, "JPEG", quality=90)
    data = buffer.getvalue()

    engine = get_engine()
    engine.warm_up()
    ours = _fastest(lambda: engine.represent(data))

    from deepface import DeepFace

    bgr = decode(data)[:, :, ::-1]
    theirs = _fastest(lambda: DeepFace.represent(bgr, model_name="Dlib", detector_backend="mtcnn"))
    ratio = f"{theirs / ours:.1f} times as fast as DeepFace.represent"
    return f"one {SIDE} px photo: {ratio} ({ours:.2f} s against {theirs:.2f} s)"


def _fastest(work: object) -> float:
    times = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)
