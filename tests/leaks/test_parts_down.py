"""A photo is sent while a part is down: the page says so, nothing is half-done, and no photo stays behind."""

import time
from collections.abc import Iterator

import psycopg
import pytest

from portal.stack.run import Stack
from tests.photos import photo
from tests.rehearsal import play
from tests.rehearsal.visitors import Terminal

pytestmark = [pytest.mark.stack, pytest.mark.model]
PASSWORD = "only-for-this-test-8e2f"
BEFORE_A_PHOTO = (
    play.open_property,
    play.sign_in,
    play.set_up,
    play.publish,
    play.register_terminals,
    play.refuse_without_consent,
    play.consent,
)


@pytest.fixture
def cast() -> Iterator[tuple[Stack, play.Play]]:
    with Stack(outer={"DEMO_PASSWORD": PASSWORD, "SWEEP_SECONDS": "3"}) as stack:
        actors = play.Play(url=stack.url, password=PASSWORD)
        try:
            for step in BEFORE_A_PHOTO:
                step(actors)
            yield stack, actors
        finally:
            actors.close()


def waiting_photos(stack: Stack) -> int:
    with psycopg.connect(stack.env("owner")["DATABASE_URL_OWNER"]) as connection:
        row = connection.execute("SELECT count(*) FROM enrollment_capture").fetchone()
        assert row is not None
        return int(row[0])


def latest(cast: play.Play) -> dict:
    return cast.site("GET", "enrollments/")["results"][0]


def test_a_photo_waits_for_a_worker_and_is_gone_when_the_queue_is_down(cast: tuple[Stack, play.Play]) -> None:
    stack, actors = cast
    terminal: Terminal = actors.things["verify"]

    stack.processes["recognition"].stop()
    play.enroll_by_page(actors, actors.things["me"], play.ENROLLED)
    assert latest(actors)["state"] == "queued"
    assert waiting_photos(stack) == 1, "the sealed photo waits for its worker"

    refused = terminal.ask(photo(play.SAME), person=actors.things["person"], statuses=(503,))
    assert refused["code"] == "timeout"
    assert waiting_photos(stack) == 1, "the door's photo must not wait: nobody stands there any more"

    stack.processes["recognition"].start()
    play.wait_for_face(actors, actors.things["person"], "enrolled")
    assert waiting_photos(stack) == 0

    assert stack._valkey is not None
    stack._valkey.stop()
    play.enroll_by_page(actors, actors.things["me"], play.SAME)
    failed = latest(actors)
    assert (failed["state"], failed["reason"]) == ("failed", "queue_down")
    assert failed["sentence"], "the person is told why"
    terminal.ask(photo(play.SAME), person=actors.things["person"], statuses=(503,))
    assert waiting_photos(stack) == 0

    stack._valkey.start()
    until = time.monotonic() + play.PATIENCE
    while time.monotonic() < until:
        if terminal.ask(photo(play.SAME), person=actors.things["person"], statuses=(200, 503)).get("allowed"):
            return
    raise AssertionError("the door does not recover after the queue came back")
