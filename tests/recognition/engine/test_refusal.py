"""A recognition worker without its models takes nothing from its queue; whoever runs it and the portal know why."""

import dataclasses
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils.translation import override

from portal.celery import app
from recognition.engine import cards, refusal, services, weights
from recognition.engine.refusal import EXIT_CODE, Fault, Refusal

# What no package can mend: a file that somebody fetched.
FETCHED = cards.SFACE.files[0].name


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    """The real engine's folder of models, empty, in the settings of this test."""
    settings.FACE_ENGINE, settings.DEEPFACE_HOME = services.DEFAULT_ENGINE, tmp_path
    cache.clear()
    return tmp_path


def choose_sface(settings: Any, home: Path, content: bytes | None) -> None:
    settings.FACE_MODEL, settings.FACE_MODEL_SHA256 = "SFace", {FETCHED: hashlib.sha256(b"ours").hexdigest()}
    weights.folder(home).mkdir(parents=True, exist_ok=True)
    if content is not None:
        (weights.folder(home) / FETCHED).write_bytes(content)


def test_models_that_are_in_order_are_no_reason(home: Path, settings: Any) -> None:
    assert refusal.find() is None
    choose_sface(settings, home, b"ours")
    assert refusal.find() is None


def test_a_copy_that_rotted_without_a_new_date_is_found_and_mended(home: Path) -> None:
    """The stamps only know size and date; a worker that starts reads every byte."""
    place = weights.provision(home)[1]
    content, status = place.read_bytes(), place.stat()
    place.write_bytes(content[:-1] + b"!")
    os.utime(place, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert weights.check_weights(home) == []
    assert refusal.find() is None
    assert place.read_bytes() == content


def test_a_package_whose_file_is_damaged_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = dataclasses.replace(weights.WEIGHTS[4], sha256="0" * 64)
    monkeypatch.setattr(weights, "WEIGHTS", (*weights.WEIGHTS[:4], other))
    found = refusal.find()
    assert found is not None
    assert (found.fault, found.file) == (Fault.DAMAGED, "onet.lz4")


@pytest.mark.parametrize(("content", "fault"), [(None, Fault.MISSING), (b"other", Fault.DAMAGED)])
def test_a_fetched_file_that_is_not_the_one_we_trust_is_named(
    home: Path, settings: Any, content: bytes | None, fault: Fault
) -> None:
    choose_sface(settings, home, content)
    found = refusal.find()
    assert found is not None
    assert (found.fault, found.file) == (fault, FETCHED)


def test_the_model_of_the_faces_that_wait_is_looked_at_too(home: Path, settings: Any) -> None:
    settings.FACE_ENGINE_PREVIOUS = "SFace"
    found = refusal.find()
    assert found is not None
    assert found.file == FETCHED


def test_a_model_that_may_not_be_used_is_a_reason(home: Path, settings: Any) -> None:
    settings.FACE_MODEL = "ArcFace"
    found = refusal.find()
    assert found is not None
    assert found.fault is Fault.SETTINGS


def test_a_folder_that_cannot_be_written_is_a_reason(home: Path, settings: Any) -> None:
    settings.DEEPFACE_HOME = home / "file" / "below"
    (home / "file").touch()
    assert refusal.find() is not None


def test_a_stand_in_engine_has_no_model(settings: Any, tmp_path: Path) -> None:
    settings.DEEPFACE_HOME, settings.FACE_MODEL = tmp_path, "ArcFace"
    assert refusal.find() is None


def test_the_portal_knows_as_long_as_it_holds(home: Path, settings: Any, capfd: pytest.CaptureFixture[str]) -> None:
    choose_sface(settings, home, b"other")
    with pytest.raises(SystemExit) as ended:
        refusal.require_models()
    assert ended.value.code == EXIT_CODE
    said = capfd.readouterr().err
    assert said.startswith("The recognition worker does not start: ")
    assert said.count("\n") == 1
    known = refusal.known()
    assert known is not None
    assert (known.fault, known.file) == (Fault.DAMAGED, FETCHED)
    choose_sface(settings, home, b"ours")
    refusal.require_models()
    assert refusal.known() is None


def test_every_fault_has_a_sentence_that_names_the_other_ways() -> None:
    with override("en"):
        sentences = {Refusal(fault, "a.dat").sentence for fault in Fault}
    assert len(sentences) == len(Fault)
    assert all("Cards and PINs work" in sentence and "%(" not in sentence for sentence in sentences)


def test_a_cache_that_is_down_stops_nothing(home: Path, settings: Any) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    refusal.require_models()
    assert refusal.known() is None


def test_the_worker_takes_nothing_and_ends_with_one_sentence(tmp_path: Path) -> None:
    """The command of the stack, with a model whose file is not there."""
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings.local",
        "CONSENTRY_ROLE": "recognition",
        "DEEPFACE_HOME": str(tmp_path),
        "FACE_MODEL": "SFace",
        "FACE_MODEL_SHA256": f"{FETCHED}={'0' * 64}",
    }
    argv = [sys.executable, "-m", "celery", "-A", "portal", "worker", "--pool", "solo", "-Q", "recognition-refused"]
    with app.connection_for_write() as broker:
        queue = broker.default_channel.client
        queue.rpush("recognition-refused", "a task")
        ran = subprocess.run(argv, env=env, capture_output=True, text=True, check=False, timeout=60)
        waiting = queue.llen("recognition-refused")
        queue.delete("recognition-refused")
    assert ran.returncode == EXIT_CODE, ran.stderr
    assert ran.stderr.splitlines()[-1] == (
        f"The recognition worker does not start: {FETCHED} is missing: run `manage.py provision_models --model SFace`."
    )
    assert "Traceback" not in ran.stderr
    assert "[queues]" not in ran.stdout, "it was on its way to work"
    assert waiting == 1
