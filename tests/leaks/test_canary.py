"""After the erasure of a person nothing of them is anywhere: no word, no photo, no face.

The real stack, the real model, a real terminal with a sealed copy. One person leaves a word in every personal field
and file; the search finds each of them first, and none afterwards. Evidence stays: without a name and without a face.
"""

import base64
import json
import time
from collections.abc import Iterator

import psycopg
import pytest
import redis
from django.core import signing

from portal.stack.run import Stack
from tests.leaks import fields, seeding, traces
from tests.leaks.canary import Canary
from tests.leaks.places import search
from tests.leaks.seeding import Scene
from tests.leaks.test_nothing_is_left_behind import embedding
from tests.photos import photo
from tests.rehearsal.play import ENROLLED

DATABASE = "the database's dump"
PASSWORD = "only-for-this-test-5b7a"


@pytest.fixture
def scene() -> Iterator[Scene]:
    with Stack(outer={"DEMO_PASSWORD": PASSWORD, "SWEEP_SECONDS": "3"}) as stack:
        actors = Scene(url=stack.url, password=PASSWORD)
        actors.stack, actors.canary = stack, Canary()
        try:
            yield actors
        finally:
            actors.close()


def test_a_field_that_can_name_a_person_is_filled_or_says_why_not() -> None:
    assert not (set(fields.CANNOT) | set(fields.SEALED)) - set(fields.personal()), "they name fields that are gone"


@pytest.mark.stack
@pytest.mark.model
def test_after_the_erasure_nothing_of_the_person_is_anywhere(scene: Scene) -> None:
    since, stack, canary = time.time(), scene.stack, scene.canary
    for step in seeding.LIFE:
        step(scene)
    assert fields.holding(stack, canary) == fields.can_hold()
    assert canary.name in seeding.packed(scene)
    assert [label for label in fields.SEALED if not fields.values(stack, label)] == []
    words = canary.traces()
    # Before, words stand in the database, and not in a log, the broker or a terminal.
    assert {place.rpartition(" in ")[2] for place in places_of(words, scene, since)} == {DATABASE}

    seeding.let_go(scene)
    assert fields.holding(stack, canary) == set()
    assert places_of(words, scene, since) == []
    face = traces.of_bytes("photo", photo(ENROLLED)) + traces.of_embedding(embedding())
    assert search(stack, face, since=since, besides=[scene.door_agent.agent.home]) == []
    assert [label for label in fields.SEALED if fields.values(stack, label)] == []
    assert evidence_rows(stack, scene.person_id) > 5

    # The search finds what is left anywhere, in whatever form.
    planted = plant(scene)
    assert {place.rpartition(" in ")[2] for place in places_of(words, scene, since)} == planted


def plant(scene: Scene) -> set[str]:
    """Leave the person in a log, a terminal's folder, the broker, the cache and a session; return where."""
    stack, canary = scene.stack, scene.canary
    log, kept = stack.layout.log / "planted.log", scene.door_agent.agent.home / "planted"
    log.write_bytes(b"before " + base64.b64encode(f"12{canary.name}".encode()) + b" after")
    kept.write_text(json.dumps({"name": canary.name}))
    address = stack.env("web")["CACHE_URL"].removeprefix("unix://").partition("?")[0]
    for database in (0, 1):
        with redis.Redis(unix_socket_path=address, db=database) as client:
            client.rpush("planted", canary.name.encode("gbk"))
    packed = signing.dumps({"name": canary.said * 20}, key="any", compress=True)
    with psycopg.connect(stack.env("owner")["DATABASE_URL_OWNER"]) as connection:
        row = "INSERT INTO django_session VALUES ('planted', %s, now())"
        connection.execute(row, [packed])
    return {str(log), str(kept), "Valkey", "a session"}


def places_of(words: list[traces.Trace], scene: Scene, since: float) -> list[str]:
    """Search for words everywhere but in three folders.

    `mail` and `outbox` stand for a mailbox and a phone: what was sent to the person is the person's own. The files of
    PostgreSQL keep a deleted row until its place is used again (docs/operations.md); its whole content is in the dump.
    """
    layout = scene.stack.layout
    apart = [layout.mail, layout.outbox, layout.data / "postgres"]
    return search(scene.stack, words, since=since, apart_from=apart, besides=[scene.door_agent.agent.home])


def evidence_rows(stack: Stack, person: str) -> int:
    query = """SELECT (SELECT count(*) FROM people_consent WHERE person_id = %(person)s)
        + (SELECT count(*) FROM rights_erasure WHERE person_id = %(person)s)
        + (SELECT count(*) FROM rights_erasurereceipt r JOIN rights_erasure e ON e.id = r.erasure_id
            WHERE e.person_id = %(person)s)"""
    with psycopg.connect(stack.env("owner")["DATABASE_URL_OWNER"]) as connection:
        row = connection.execute(query, {"person": person}).fetchone()
        assert row is not None
        return int(row[0])
