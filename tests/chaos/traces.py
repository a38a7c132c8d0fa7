"""Looks for the photo, its embedding, and names and numbers of people wherever a death may have left them."""

import json

from portal.stack.layout import ROOT
from recognition.engine.deepface_engine import DeepFaceEngine
from tests.chaos.stage import NAME, PHONE, Stage
from tests.leaks import traces
from tests.leaks.places import dump, valkey_contents
from tests.leaks.traces import Trace
from tests.photos import photo
from tests.rehearsal import play

WORDS = [Trace("name", NAME.encode()), Trace("name", json.dumps(NAME)[1:-1].encode()), Trace("phone", PHONE.encode())]
# The database keeps old rows in its own files until it needs the room. The outbox stands for phones: what left, left.
NOT_FOR_WORDS = {"postgres", "outbox"}


def of_faces() -> list[Trace]:
    """What the photo and its embedding look like. Loads the engine, which takes seconds."""
    picture = photo(play.ENROLLED)
    embedding = DeepFaceEngine(home=ROOT / "var" / "models").represent(picture).embedding
    return traces.of_bytes("photo", picture) + traces.of_embedding(embedding)


def nothing_in_clear(stage: Stage, faces: list[Trace]) -> None:
    """Raise AssertionError with every place that holds something of a face, or still names an erased person."""
    found = traces.find(dump(stage.stack), faces + WORDS, where="the database's dump")
    found += traces.find(valkey_contents(stage.stack), faces + WORDS, where="Valkey")
    for path in traces.files([stage.stack.layout.var.parent], since=0.0):  # temp and the terminal are in there
        wanted = faces if NOT_FOR_WORDS & set(path.parts) else faces + WORDS
        try:
            found += traces.find(path.read_bytes(), wanted, where=str(path))
        except OSError:
            continue
    assert not found, found
