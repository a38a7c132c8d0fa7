"""A key that was named and is not there is said, and never replaced by another one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.security.checks import named_secrets_are_there
from portal.settings import keys


@pytest.fixture
def unreadable(monkeypatch: pytest.MonkeyPatch, settings: object) -> list[str]:
    """What could not be read, empty at first."""
    names: list[str] = []
    monkeypatch.setattr(keys, "UNREADABLE_SECRETS", names)
    settings.UNREADABLE_SECRETS = names
    return names


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe"])
def test_a_named_file_without_a_key_is_an_error_and_the_value_beside_it_is_not_taken(
    content: bytes | None, unreadable: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "pass.key"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("PASS_KEY_FILE", str(file))
    monkeypatch.setenv("PASS_KEY", "another one")
    assert keys.secret("PASS_KEY") is None
    [error] = named_secrets_are_there()
    assert (error.id, "PASS_KEY_FILE" in error.msg, "Put the key back" in error.hint) == ("security.E001", True, True)


def test_a_key_in_a_file_or_beside_no_file_is_read(
    unreadable: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pass.key").write_text("in the file\n")
    monkeypatch.setenv("PASS_KEY", "by value")
    assert keys.secret("PASS_KEY") == "by value"
    monkeypatch.setenv("PASS_KEY_FILE", "")  # as compose files leave it
    assert keys.secret("PASS_KEY") == "by value"
    monkeypatch.setenv("PASS_KEY_FILE", str(tmp_path / "pass.key"))
    assert keys.secret("PASS_KEY") == "in the file"
    assert named_secrets_are_there() == []


def test_no_process_checks_passes_with_another_key_than_the_one_it_was_told() -> None:
    """All the way: cards hashed under SECRET_KEY instead of a lost PASS_KEY would open nothing, without a word."""
    command = [sys.executable, "manage.py", "check"]
    told = os.environ | {"PASS_KEY_FILE": "/nowhere/pass.key"}
    done = subprocess.run(command, env=told, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "security.E001" in done.stderr
