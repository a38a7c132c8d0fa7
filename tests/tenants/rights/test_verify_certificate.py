"""`manage.py verify_certificate`: anybody with the public keys can check a file; its exit code says the result."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tenants.rights import signing
from tenants.rights.certificate_text import FORMAT, canonical, wrap

SAYS = {"format": FORMAT, "number": "202611-ABCD-EFGH-IJKL", "person": "p", "completed_at": "2026-11-28T12:00:00+08:00"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    body = canonical(SAYS)
    path = tmp_path / "certificate.json"
    path.write_bytes(wrap(body, signing.sign(body)))
    return path


def run(*arguments: str) -> tuple[int, str]:
    out, code = StringIO(), 0
    try:
        call_command("verify_certificate", *arguments, stdout=out)
    except SystemExit as end:
        code = int(str(end.code))
    return code, out.getvalue()


def test_a_genuine_one_ends_with_nothing_and_says_what_it_is_about(file: Path, settings: Settings) -> None:
    settings.EVIDENCE_KEY = None
    code, out = run(str(file))
    assert (code, "Genuine" in out, SAYS["number"] in out) == (0, True, True)
    code, out = run(str(file), "--json")
    assert (code, json.loads(out)["verdict"], json.loads(out)["says"]) == (0, "valid", SAYS)


def test_a_changed_or_foreign_one_ends_with_one(file: Path, settings: Settings) -> None:
    file.write_bytes(file.read_bytes().replace(b"2026", b"2025"))
    assert run(str(file)) == (1, "Changed: it is not, byte for byte, what was signed.\n")
    code, out = run(str(file), "--json")
    assert (code, json.loads(out)["verdict"], json.loads(out)["says"]) == (1, "changed", None)
    settings.EVIDENCE_PUBLIC_KEYS = None
    assert run(str(file))[0] == 1


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run(str(tmp_path / "nothing.json"))
    (tmp_path / "empty").write_bytes(b"")
    assert run(str(tmp_path / "empty"))[0] == 1
