"""A folder of photos turned into embeddings by one side, in a process of its own: memory is a process's.

`python -m bench.sides ours|deepface DIR` prints one line of JSON. Both sides load their models and do one small photo
before the clock starts; both get the files as they are, of full size, one after the other.
"""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

OURS, DEEPFACE = "ours", "deepface"
KINDS = {".jpg", ".jpeg", ".png", ".webp"}

Embed = Callable[[Path], list[float]]


@dataclass(frozen=True)
class Run:
    photos: int
    seconds: float
    peak_mb: float
    embeddings: dict[str, list[float]]  # by file name; a photo that was refused is missing


@cache
def measured(side: str, folder: Path) -> Run:
    """Both benchmarks that need it share one run a side: DeepFace's takes a minute for twenty photos."""
    program = [sys.executable, "-W", "ignore", "-m", "bench.sides", side, str(folder)]
    ran = subprocess.run(program, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if ran.returncode:
        raise RuntimeError(f"{side}: {ran.stderr[-2000:]}")
    return Run(**json.loads(ran.stdout.splitlines()[-1]))


def main(side: str, folder: Path) -> None:
    embed = _ours() if side == OURS else _deepface()
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in KINDS)
    found, start = {}, time.perf_counter()
    for path in files:
        try:
            found[path.name] = embed(path)
        except ValueError as refused:  # FaceRejected here, FaceNotDetected there
            print(f"{path.name}: {refused}", file=sys.stderr)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"photos": len(files), "seconds": seconds, "peak_mb": peak, "embeddings": found}))


def _ours() -> Embed:
    import django

    django.setup()
    from recognition.engine.deepface_engine import DeepFaceEngine

    engine = DeepFaceEngine()
    engine.warm_up()
    return lambda path: [float(value) for value in engine.represent(path.read_bytes()).embedding]


def _deepface() -> Embed:
    import django

    django.setup()
    from recognition.engine import weights

    weights.provision()  # the same files for both
    os.environ["DEEPFACE_BACKEND_ENGINE"] = "tensorflow"
    import numpy as np
    from deepface import DeepFace
    from deepface.modules import modeling

    modeling.build_model(task="face_detector", model_name="mtcnn").detect_faces(np.zeros((160, 160, 3), dtype=np.uint8))
    modeling.build_model(task="facial_recognition", model_name="Dlib").forward(np.full((150, 150, 3), 128, np.uint8))

    def embed(path: Path) -> list[float]:
        faces = DeepFace.represent(str(path), model_name="Dlib", detector_backend="mtcnn")
        largest = max(faces, key=lambda face: face["facial_area"]["w"] * face["facial_area"]["h"])
        row = np.asarray(largest["embedding"])
        return [float(value) for value in row / np.linalg.norm(row)]

    return embed


@cache
def _scratch() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


@cache
def from_packages() -> Path:
    """Photos from packages, enlarged to what a phone of today sends, for whoever has no folder of their own."""
    from PIL import Image

    from tests.photos import photo

    folder = Path(_scratch().name)
    for name in ("obama.jpg", "obama2.jpg", "obama3.jpg", "biden.jpg", "astronaut.png"):
        picture = Image.open(io.BytesIO(photo(name))).convert("RGB")
        scale = 3000 / max(picture.size)
        large = picture.resize((round(picture.width * scale), round(picture.height * scale)))
        large.save(folder / f"{Path(name).stem}.jpg", "JPEG", quality=90)
    same = {"obama.jpg", "obama2.jpg", "obama3.jpg"}
    names = sorted(path.name for path in folder.glob("*.jpg"))
    pairs = [(one, other) for at, one in enumerate(names) for other in names[at + 1 :]]
    lines = [f"{one},{other},{'yes' if {one, other} <= same else 'no'}" for one, other in pairs]
    (folder / "pairs.csv").write_text("\n".join(["file_x,file_y,same", *lines]))
    return folder


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
