"""Looks for the photo and its embedding wherever a death may have left them."""

import tempfile
from pathlib import Path

from portal.stack.layout import ROOT
from recognition.engine.deepface_engine import DeepFaceEngine
from tests.chaos.play import Stage
from tests.leaks import traces
from tests.leaks.test_nothing_is_left_behind import dump, valkey_contents
from tests.photos import photo
from tests.rehearsal import play


def nothing_in_clear(stage: Stage, *, since: float) -> None:
    """Raise AssertionError with every place that holds a part of the photo or of its embedding in clear."""
    picture = photo(play.ENROLLED)
    embedding = DeepFaceEngine(home=ROOT / "var" / "models").represent(picture).embedding
    wanted = traces.of_bytes("photo", picture) + traces.of_embedding(embedding)
    found = traces.find(dump(stage.stack), wanted, where="the database's dump")
    found += traces.find(valkey_contents(stage.stack), wanted, where="Valkey")
    for path in traces.files([stage.stack.layout.var.parent, Path(tempfile.gettempdir())], since=since):
        if "photos" not in path.parts:  # where the tests keep the photo itself
            try:
                found += traces.find(path.read_bytes(), wanted, where=str(path))
            except OSError:
                continue
    assert not found, found
