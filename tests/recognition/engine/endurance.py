"""A process of its own that shows the real engine hostile files and says what became of it, as JSON on its last line.

Not a test: `test_bad_input.py` starts it, because memory and crashes are a process's.
"""

import json
import os
import resource
import sys
import warnings
from collections import Counter
from pathlib import Path

from django.conf import settings


def main(home: Path, count: int) -> None:
    settings.configure(DEEPFACE_HOME=home)
    warnings.simplefilter("ignore")
    from recognition.engine.codes import FaceRejected
    from recognition.engine.deepface_engine import DeepFaceEngine
    from tests import portraits
    from tests.mutations import mutated
    from tests.photos import BAD_INPUTS, photo

    engine = DeepFaceEngine(home=home, threads=1)
    engine.warm_up()
    pictures = ("obama.jpg", "obama2.jpg", "obama3.jpg", "biden.jpg", "astronaut.png", "32bit.png", "chelsea.png")
    files = [(name, photo(name)) for name in (*pictures, "t1.jpg")]
    for name, data in files:
        look(engine, name, data, FaceRejected)
    before, peak_before = resident(), peak()

    written: list[str] = []
    sys.addaudithook(lambda event, given: written.append(str(given[0])) if writes(event, given) else None)
    files += [(name, make()) for name, make in BAD_INPUTS.items()]
    files += [(name, make()) for name, makes in portraits.TO_BE_TAKEN_AGAIN.items() for make in makes]
    outcomes = Counter(look(engine, name, data, FaceRejected) for name, data in files)
    outcomes += Counter(look(engine, name, data, FaceRejected) for name, data in mutated(count))
    said = {
        "outcomes": outcomes,
        "grew_mb": resident() - before,
        "peak_grew_mb": peak() - peak_before,
        "written": written,
    }
    print(json.dumps(said))


def look(engine: object, name: str, data: bytes, refusal: type[ValueError]) -> str:
    """What the engine says of one file. Whatever else it raises ends this process: that is the point."""
    try:
        engine.represent(data)  # type: ignore[attr-defined]
    except refusal as refused:
        return str(refused)
    except Exception:
        print(f"{name}: {data[:200].hex()}", file=sys.stderr)
        raise
    return "accepted"


def writes(event: str, given: tuple[object, ...]) -> bool:
    return event == "open" and isinstance(given[2], int) and bool(given[2] & (os.O_WRONLY | os.O_RDWR))


def resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
