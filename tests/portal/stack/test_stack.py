"""Whole stacks: what they start is gone afterwards, and what they keep is kept."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import psycopg
import pytest

from portal.stack.layout import ROOT
from portal.stack.run import Stack

pytestmark = pytest.mark.stack

HOLD = """
import signal, sys, time
# Whoever runs the tests may ignore hang-ups (nohup); this program does not.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from portal.stack.run import Stack
with Stack(processes=(), seed=False, prepare=False) as stack:
    print(stack.layout.var, flush=True)
    time.sleep(120)
"""


def processes_of(folder: Path) -> list[str]:
    """Command lines that name the folder, with those whose working folder is in it."""
    found = []
    for process in psutil.process_iter(["pid", "cmdline"]):
        try:
            line = " ".join(process.info["cmdline"] or [])
            if process.status() != psutil.STATUS_ZOMBIE and (str(folder) in line or str(folder) in process.cwd()):
                found.append(line)
        except psutil.Error:
            continue
    return found


def gone(folder: Path, *, within: float) -> bool:
    patience = time.monotonic() + within
    while time.monotonic() < patience:
        if not folder.exists() and not processes_of(folder):
            return True
        time.sleep(0.05)
    return False


def test_a_scratch_stack_leaves_nothing_even_when_its_user_fails() -> None:
    class Failure(Exception):
        pass

    stack = Stack(processes=(), seed=False, prepare=False)
    with pytest.raises(Failure), stack:
        folder = stack.layout.var
        with psycopg.connect(stack.services.databases["web"]) as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("consentry_web",)
        raise Failure
    assert not folder.exists()
    assert not processes_of(folder)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_stack_that_is_ended_by_a_signal_leaves_nothing(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().decode().strip())
        assert processes_of(folder)
        process.send_signal(number)
        process.wait(30)
    assert gone(folder, within=40 if number == signal.SIGKILL else 1)


def test_two_stacks_at_once_do_not_disturb_each_other() -> None:
    with Stack(processes=(), seed=False, prepare=False) as one:
        with Stack(processes=(), seed=False, prepare=False) as other:
            assert one.services.broker != other.services.broker
            with psycopg.connect(other.services.databases["owner"]) as connection:
                connection.execute("CREATE TABLE only_there ()")
        with psycopg.connect(one.services.databases["owner"]) as connection:
            assert connection.execute("SELECT to_regclass('only_there')").fetchone() == (None,)


def test_the_web_role_cannot_become_another_role_without_its_password() -> None:
    with Stack(processes=(), seed=False, prepare=False) as stack:
        web = stack.services.databases["web"]
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(web.replace("consentry_web", "consentry_recognition"))
        with psycopg.connect(web) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SET ROLE consentry_recognition")


def test_a_second_start_keeps_the_data_and_repeats_nothing(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    said: list[str] = []
    with Stack(var=tmp_path / "var", processes=("web",), seed=False, say=said.append) as stack:
        with psycopg.connect(stack.services.databases["owner"]) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        with urllib.request.urlopen(f"{stack.url}/healthz", timeout=5) as answer:  # noqa: S310 - our own address
            assert answer.status == 200
    assert any(sentence.startswith("migrate") for sentence in said)
    said.clear()
    started = time.monotonic()
    with Stack(var=tmp_path / "var", processes=("web",), seed=False, say=said.append) as stack:
        seconds = time.monotonic() - started
        with psycopg.connect(stack.services.databases["owner"]) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
    assert not any(sentence.startswith(("migrate", "collectstatic")) for sentence in said)
    assert seconds < 20
    assert not processes_of(tmp_path)


def test_a_server_left_by_a_power_cut_does_not_keep_the_next_start_away(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with Stack(var=tmp_path / "var", processes=(), seed=False, prepare=False) as stack:
        data = stack.layout.data / "postgres"
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    with Stack(var=tmp_path / "var", processes=(), seed=False, prepare=False) as stack:
        psycopg.connect(stack.services.databases["web"]).close()


def test_a_cluster_whose_making_was_interrupted_is_made_again(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    data = tmp_path / "var" / "data" / "postgres"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("18\n")  # initdb writes it first
    with Stack(var=tmp_path / "var", processes=(), seed=False, prepare=False) as stack:
        psycopg.connect(stack.services.databases["web"]).close()
