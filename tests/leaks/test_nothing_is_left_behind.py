"""After an enrolment no byte of the photo and no plaintext embedding is anywhere (design.md, "Two storage modes").

The real stack, the real model. We know the bytes of the photo, and the embedding that the engine makes
of it; we look for both in the database's dump and files, in Valkey, in var/, in logs and in temp.
"""

import time

import numpy as np
import pytest
import redis

from portal.stack.run import Stack
from recognition.engine.deepface_engine import DeepFaceEngine
from tests.leaks import traces
from tests.leaks.places import search
from tests.photos import photo
from tests.rehearsal import play

PASSWORD = "only-for-this-test-4c1d"


def embedding() -> np.ndarray:
    from portal.stack.layout import ROOT

    return DeepFaceEngine(home=ROOT / "var" / "models").represent(photo(play.ENROLLED)).embedding


@pytest.mark.stack
@pytest.mark.model
def test_no_byte_of_a_photo_or_embedding_is_left_after_an_enrolment() -> None:
    wanted = traces.of_bytes("photo", photo(play.ENROLLED)) + traces.of_embedding(embedding())
    since = time.time()
    with Stack(outer={"DEMO_PASSWORD": PASSWORD, "SWEEP_SECONDS": "3"}) as stack:
        cast = play.Play(url=stack.url, password=PASSWORD)
        try:
            for step in play.TO_AN_ENROLMENT:
                step(cast)
            assert search(stack, wanted, since=since) == []

            # The search itself can find: what is planted in a log, in Valkey and in the database is found.
            plant(stack, cast, wanted[0].needle)
            places = " ".join(search(stack, wanted[:2], since=since))
            assert "planted.log" in places and "Valkey" in places and "dump" in places, places
        finally:
            cast.close()


def plant(stack: Stack, cast: play.Play, secret: bytes) -> None:
    (stack.layout.log / "planted.log").write_bytes(b"before " + secret + b" after")
    address = stack.env("web")["CACHE_URL"].removeprefix("unix://").partition("?")[0]
    with redis.Redis(unix_socket_path=address, db=0) as client:
        client.set("planted", secret)
    cast.site("POST", "zones/", 201, name=secret.hex()[:80], kind="lobby")
