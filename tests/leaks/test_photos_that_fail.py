"""Bad photos, and parts that are down: a clear sentence each time, nothing half-done, no photo left behind."""

import time

import pytest

from tests import photos
from tests.leaks.conftest import Scene
from tests.photos import photo
from tests.rehearsal import play

pytestmark = [pytest.mark.stack, pytest.mark.model]


def outcome(scene: Scene, bad: bytes) -> tuple[str, str]:
    """Send a photo for enrolment by the API; return the code of its refusal and the sentence."""
    files = {"photo": ("坏照片.jpg", bad)}
    answer = scene.site("POST", "enrollments/", 202, 400, files=files, person=scene.things["person"])
    if "errors" in answer:
        fault = answer["errors"]["photo"][0]
        return fault["code"], fault["message"]
    until = time.monotonic() + play.PATIENCE
    while time.monotonic() < until:
        row = scene.site("GET", f"enrollments/{answer['id']}/")
        if row["state"] == "failed":
            return row["reason"], row["sentence"]
        time.sleep(0.2)
    raise AssertionError(f"the photo was neither refused nor failed: {row}")


def test_every_bad_photo_is_refused_in_words_and_nothing_is_kept(scene: Scene) -> None:
    faults = []
    for expected, make in photos.BAD_INPUTS.items():
        bad = make()
        code, sentence = outcome(scene, bad)
        by_page = play.enroll_by_page(scene, scene.things["me"], bad).text
        door = scene.things["verify"].ask(bad, person=scene.things["person"], statuses=(400,))
        spoken = str(door["errors"]["photo"])
        if (code, bool(sentence), sentence in by_page or "progress" in by_page) != (expected, True, True):
            faults.append(f"{expected}: {code} {sentence!r}")
        if expected not in spoken:
            faults.append(f"{expected} at the door: {spoken}")
    assert not faults, "\n".join(faults)
    wait_until_empty(scene)
    assert scene.site("GET", f"people/{scene.things['person']}/")["face_state"] == "consented"

    # The worker lives: odd but good photos of the same person are taken after all of that.
    for odd in (photos.cmyk(), photos.exif_rotated()):
        play.enroll_by_page(scene, scene.things["me"], odd)
        play.wait_for_face(scene, scene.things["person"], "enrolled")
    assert scene.things["verify"].ask(photo(play.SAME), person=scene.things["person"])["allowed"]


def wait_until_empty(scene: Scene) -> None:
    until = time.monotonic() + play.PATIENCE
    while scene.waiting_photos() and time.monotonic() < until:
        time.sleep(0.2)
    assert scene.waiting_photos() == 0


def test_a_photo_waits_for_a_worker_and_is_gone_when_the_queue_is_down(scene: Scene) -> None:
    terminal, person = scene.things["verify"], scene.things["person"]

    scene.stack.processes["recognition"].stop()
    play.enroll_by_page(scene, scene.things["me"], photo(play.ENROLLED))
    assert scene.latest_enrollment()["state"] == "queued"
    assert scene.waiting_photos() == 1, "the sealed photo waits for its worker"

    refused = terminal.ask(photo(play.SAME), person=person, statuses=(503,))
    assert refused["code"] == "timeout"
    assert scene.waiting_photos() == 1, "the door's photo must not wait: nobody stands there any more"

    scene.stack.processes["recognition"].start()
    until = time.monotonic() + play.PATIENCE
    while scene.latest_enrollment()["state"] != "done" and time.monotonic() < until:
        time.sleep(0.2)
    assert scene.latest_enrollment()["state"] == "done"
    assert scene.waiting_photos() == 0

    assert scene.stack._valkey is not None
    scene.stack._valkey.stop()
    play.enroll_by_page(scene, scene.things["me"], photo(play.SAME))
    failed = scene.latest_enrollment()
    assert (failed["state"], failed["reason"]) == ("failed", "queue_down")
    assert failed["sentence"], "the person is told why"
    terminal.ask(photo(play.SAME), person=person, statuses=(503,))
    assert scene.waiting_photos() == 0

    scene.stack._valkey.start()
    until = time.monotonic() + play.PATIENCE
    while time.monotonic() < until:
        if terminal.ask(photo(play.SAME), person=person, statuses=(200, 503)).get("allowed"):
            return
    raise AssertionError("the door does not recover after the queue came back")
