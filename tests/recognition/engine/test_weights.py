"""A changed weight file is changed code that decides who enters."""

import dataclasses
import json
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from recognition.engine import checks, weights


def test_provisioning_puts_verified_weights_in_place(tmp_path: Path) -> None:
    assert weights.check_weights(tmp_path)
    places = weights.provision(tmp_path)
    assert all(place.is_file() for place in places)
    assert weights.check_weights(tmp_path) == []


def test_a_changed_copy_is_noticed_and_mended(tmp_path: Path) -> None:
    place = weights.provision(tmp_path)[1]
    content = place.read_bytes()
    place.write_bytes(content[:-1] + b"!")
    assert any(place.name in problem for problem in weights.check_weights(tmp_path))
    weights.provision(tmp_path)
    assert place.read_bytes() == content
    assert weights.check_weights(tmp_path) == []


def test_a_second_run_reads_no_weights_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights.provision(tmp_path)

    def never(*args: object) -> bool:
        raise AssertionError("a verified file was read again")

    monkeypatch.setattr(weights, "_is_intact", never)
    monkeypatch.setattr(weights, "_write", never)
    weights.provision(tmp_path)


def test_a_package_with_other_weights_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = dataclasses.replace(weights.WEIGHTS[1], sha256="0" * 64)
    monkeypatch.setattr(weights, "WEIGHTS", (other,))
    with pytest.raises(weights.WeightsError, match="reinstall the package face_recognition_models"):
        weights.provision(tmp_path)
    assert not (weights.folder(tmp_path) / other.name).exists()


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "WEIGHTS", (dataclasses.replace(weights.WEIGHTS[0], package="absent_package"),))
    with pytest.raises(weights.WeightsError, match="absent_package is not installed"):
        weights.provision(tmp_path)


def test_no_half_written_file_stays_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full_disk)
    with override_settings(DEEPFACE_HOME=tmp_path), pytest.raises(CommandError, match="No space left"):
        call_command("provision_models")
    assert list(weights.folder(tmp_path).iterdir()) == []


def test_the_command_prints_the_table_of_weights(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with override_settings(DEEPFACE_HOME=tmp_path):
        call_command("provision_models", "--json")
    rows = json.loads(capsys.readouterr().out)
    assert {row["name"] for row in rows} == {weight.name for weight in weights.WEIGHTS}
    assert all(row["licence"] and len(row["sha256"]) == 64 for row in rows)


@pytest.mark.parametrize(("role", "warned"), [("recognition", True), ("web", False)])
def test_only_the_recognition_worker_is_warned_of_missing_weights(tmp_path: Path, role: str, warned: bool) -> None:
    with override_settings(DEEPFACE_HOME=tmp_path, CONSENTRY_ROLE=role):
        found = checks.weights_are_in_place(None)
    assert bool(found) is warned
    assert all(message.id == "engine.W001" for message in found)


def test_a_stand_in_engine_is_refused_in_production() -> None:
    with override_settings(FACE_ENGINE="tests.fakes.FakeEngine", DEBUG=False, TESTING=False):
        assert [message.id for message in checks.engine_is_real(None)] == ["engine.E001"]
    with override_settings(FACE_ENGINE="tests.fakes.FakeEngine", TESTING=True):
        assert checks.engine_is_real(None) == []
    with override_settings(FACE_ENGINE="recognition.engine.deepface_engine.DeepFaceEngine", TESTING=False):
        assert checks.engine_is_real(None) == []
