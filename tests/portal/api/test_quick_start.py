"""The quick start of docs/api.md, run as it stands there: by a shell and curl, against the portal over HTTP."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from portal.security import tokens
from tenants.organizations.models import Property
from tenants.organizations.roles import Permission, Role
from tenants.organizations.scoping import tenant_context
from tenants.rights.services.requests import receive
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

MANUAL = Path(__file__).parents[3] / "docs" / "api.md"
STAND_IN = Path(__file__).with_name("curl.py")
ANYTHING = "…"
CUT = "-- cut --"


def steps() -> list[tuple[str, Any]]:
    """Each block of commands, with what the block after it says is answered."""
    [section] = re.findall(r"^## Quick start\n(.*?)^## ", MANUAL.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    blocks = re.findall(r"^```(sh|json)\n(.*?)^```", section, re.DOTALL | re.MULTILINE)
    assert [kind for kind, _text in blocks] == ["sh"] + ["sh", "json"] * (len(blocks) // 2)
    answers = [None, *(json.loads(text) for kind, text in blocks if kind == "json")]
    return list(zip((text for kind, text in blocks if kind == "sh"), answers, strict=True))


def differs(said: Any, got: Any, where: str = "") -> list[str]:
    """Where an answer is not as the manual says. It may say less; `…` stands for anything."""
    if isinstance(said, dict) and isinstance(got, dict):
        return [line for key in said for line in differs(said[key], got.get(key, "nothing"), f"{where}/{key}")]
    if isinstance(said, list) and isinstance(got, list) and said in ([ANYTHING], got):
        return []
    if isinstance(said, list) and isinstance(got, list) and len(said) == len(got):
        return [
            line
            for number, pair in enumerate(zip(said, got, strict=True))
            for line in differs(*pair, f"{where}/{number}")
        ]
    if isinstance(said, str) and isinstance(got, str):
        is_same = re.fullmatch(".*".join(map(re.escape, said.split(ANYTHING))), got, re.DOTALL) is not None
    else:
        is_same = said == got
    return [] if is_same else [f"{where}: {said!r} in the manual, {got!r} answered"]


@pytest.fixture
def portal(live_server: LiveServer, tenant: Property) -> dict[str, str]:
    """A property as the manual expects it: a notice in force, one request that came in, a token of its owner."""
    with tenant_context(tenant.pk):
        factories.make_notice(tenant)
        receive(tenant=tenant, kind="access", name="李阿姨", contact="13800138000")
        owner = factories.make_member(tenant, Role.OWNER)
        scopes = tokens.may_give(frozenset(Permission))
        _token, text = tokens.issue(tenant=tenant, actor=owner, name="快速开始", scopes=scopes)
    return {"PORTAL": live_server.url, "PROPERTY": tenant.slug, "TOKEN": text}


def path_with_curl(folder: Path, *, has_curl: bool) -> str:
    """Where programs are found; with a few lines of Python under the name of curl where a machine has none."""
    if not has_curl:
        stand_in = folder / "curl"
        stand_in.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{STAND_IN}" "$@"\n')
        stand_in.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def run(script: str, folder: Path, path: str) -> list[str]:
    """Run all commands in one shell, as a reader does, and return what each block printed."""
    shell, env = ["bash", "-euo", "pipefail", "-c", script], {"PATH": path, "LANG": "C.UTF-8"}
    done = subprocess.run(shell, check=False, cwd=folder, env=env, capture_output=True, timeout=60)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    return done.stdout.decode().split(CUT)[:-1]


def test_the_quick_start_works_as_it_is_written(portal: dict[str, str], tmp_path: Path) -> None:
    (first, _none), *rest = steps()
    for name, value in portal.items():
        first, count = re.subn(rf"^export {name}=.*$", f"export {name}='{value}'", first, flags=re.MULTILINE)
        assert count == 1, name
    script = f"\necho '{CUT}'\n".join([first, *(commands for commands, _answer in rest), ""])
    _nothing, *printed = run(script, tmp_path, path_with_curl(tmp_path, has_curl=shutil.which("curl") is not None))
    for (commands, said), text in zip(rest, printed, strict=True):
        assert differs(said, json.loads(text)) == [], commands


def test_what_the_manual_says_is_compared_word_by_word() -> None:
    said = {"id": "…", "rows": [{"name": "东…"}], "count": 1}
    assert differs(said, {"id": "x", "rows": [{"name": "东门"}], "count": 1, "more": 2}) == []
    wrong = {"id": 5, "rows": [{"name": "西门"}], "count": 2}
    assert [line.split(":")[0] for line in differs(said, wrong)] == ["/id", "/rows/0/name", "/count"]
    assert differs(said, {"id": "x", "rows": []}) and len(steps()) > 8
