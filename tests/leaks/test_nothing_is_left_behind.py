"""After an enrolment no byte of the photo and no plaintext embedding is anywhere (design.md, "Two storage modes").

The real stack, the real model. We know the bytes of the photo, and the embedding that the engine makes
of it; we look for both in the database's dump and files, in Valkey, in var/, in logs and in temp.
"""

import os
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest
import redis

from portal.stack.postgres import BINARIES
from portal.stack.run import Stack
from recognition.engine.deepface_engine import DeepFaceEngine
from tests.leaks import traces
from tests.leaks.traces import Trace
from tests.photos import photo
from tests.rehearsal import play

PASSWORD = "only-for-this-test-4c1d"


def embedding() -> np.ndarray:
    from portal.stack.layout import ROOT

    return DeepFaceEngine(home=ROOT / "var" / "models").represent(photo(play.ENROLLED)).embedding


def dump(stack: Stack) -> bytes:
    """A plain-text dump by the owner, as a backup would make it."""
    environment = os.environ | {"PGOPTIONS": "-c client_min_messages=error"}
    url = stack.env("owner")["DATABASE_URL_OWNER"]
    command = [BINARIES / "pg_dump", "--enable-row-security", f"--dbname={url}"]
    return subprocess.run(command, env=environment, capture_output=True, check=True).stdout


def valkey_contents(stack: Stack) -> bytes:
    found = []
    for database in (0, 1):
        address = stack.env("web")["CACHE_URL"].removeprefix("unix://").partition("?")[0]
        with redis.Redis(unix_socket_path=address, db=database) as client:
            for key in client.scan_iter(count=1000):
                # Read by kind: DUMP would compress what we look for.
                kind = client.type(key)
                read = {b"string": client.get, b"hash": client.hgetall, b"set": client.smembers}.get(kind)
                value = read(key) if read else client.sort(key, by="nosort")
                parts = [*value.keys(), *value.values()] if isinstance(value, dict) else value
                found += [key, parts] if isinstance(parts, bytes) else [key, *(parts or ())]
    return b"\n".join(found)


def search(stack: Stack, wanted: list[Trace], *, since: float) -> list[str]:
    found = traces.find(dump(stack), wanted, where="the database's dump")
    found += traces.find(valkey_contents(stack), wanted, where="Valkey")
    for path in traces.files([stack.layout.var, Path(tempfile.gettempdir())], since=since):
        if "photos" not in path.parts:  # where the tests keep the photo itself
            try:
                found += traces.find(path.read_bytes(), wanted, where=str(path))
            except OSError:
                continue
    return found


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
