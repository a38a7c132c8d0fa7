"""Production settings are clean, and no process starts where something would travel in clear."""

import os
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
from celery import Celery
from kombu import Connection
from redis import Redis

from portal.security import checks, start
from portal.stack.keys import ensure_keys
from portal.stack.run import Stack

PRIVATE_DATABASE = "postgresql://consentry_web:secret@db.example/consentry?sslmode=verify-full"
PRIVATE_VALKEY = "rediss://valkey.example:6379/0?ssl_cert_reqs=required"


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    """The environment of a web process as docs/operations.md describes it, with new keys; no server is reached."""
    keys = ensure_keys(tmp_path, roles=(), has_data=False)
    outside = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return outside | {
        "DJANGO_SETTINGS_MODULE": "portal.settings.base",
        "CONSENTRY_ROLE": "web",
        "DATABASE_URL": PRIVATE_DATABASE,
        "BROKER_URL": PRIVATE_VALKEY,
        "CACHE_URL": PRIVATE_VALKEY,
        "SECRET_KEY_FILE": str(keys.secret),
        "CAPTURE_PUBLIC_KEY_FILE": str(keys.capture_public),
        "EVIDENCE_KEY_FILE": str(keys.evidence_private),
        "EVIDENCE_PUBLIC_KEYS_FILE": str(keys.evidence_public),
        "ALLOWED_HOSTS": "portal.example",
        "CSRF_TRUSTED_ORIGINS": "https://portal.example",
        "BEHIND_TLS_PROXY": "true",
        "TRUSTED_PROXIES": "10.0.0.5",
        "PUBLIC_URL": "https://portal.example",
        "EMAIL_URL": "submission://portal:secret@mail.example:587",
        "LEDGER_DIR": str(tmp_path),
    }


def run(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], env=env, capture_output=True, text=True, check=False, timeout=120
    )


def test_production_settings_pass_every_check_of_a_deployment(production: dict[str, str]) -> None:
    done = run(production, "manage.py", "check", "--deploy", "--fail-level", "DEBUG")
    assert (done.returncode, done.stdout.strip()) == (
        0,
        "System check identified no issues (0 silenced).",
    ), done.stderr


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"SECURE_SSL_REDIRECT": "false", "BEHIND_TLS_PROXY": "false"}, "security.E003"),
        ({"DATABASE_URL": PRIVATE_DATABASE.partition("?")[0]}, "security.E004"),
        ({"TRUSTED_PROXIES": ""}, "security.E008"),
    ],
)
def test_the_web_server_does_not_start_and_says_why(
    change: dict[str, str], fault: str, production: dict[str, str]
) -> None:
    """gunicorn as the stack starts it, on a port of the system's choice: it ends, and does not try again."""
    done = run(production | change, "-m", "gunicorn", "portal.wsgi", "--bind", "127.0.0.1:0", "--no-control-socket")
    assert done.returncode != 0
    assert f"The portal does not start: {fault}: " in done.stderr
    assert "secret@" not in done.stderr


@pytest.mark.parametrize("process", [["worker", "--pool", "solo", "-Q", "nothing"], ["beat"]])
def test_nor_do_workers_and_the_clock(process: list[str], production: dict[str, str], tmp_path: Path) -> None:
    places = ["--schedule", str(tmp_path / "beat"), "--pidfile="] if process == ["beat"] else []
    change = {"BROKER_URL": "redis://valkey.example:6379/0"}
    done = run(production | change, "-m", "celery", "-A", "portal", *process, *places)
    assert done.returncode == start.EXIT_CODE, done.stderr
    assert "The portal does not start: security.E005: BROKER_URL" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("host", "options", "passes"),
    [
        ("", {}, True),
        ("/run/postgresql", {}, True),
        ("db.example", {"sslmode": "verify-full"}, True),
        ("db.example", {}, False),
        ("db.example", {"sslmode": "require"}, False),
        ("127.0.0.1", {"sslmode": "prefer"}, False),
    ],
)
def test_a_database_on_the_network_needs_tls_and_a_certificate(
    host: str, options: dict[str, str], passes: bool, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "HOST", host)
    monkeypatch.setitem(settings.DATABASES["default"], "OPTIONS", options)
    assert [fault.id for fault in checks.database_is_reached_in_private()] == ([] if passes else ["security.E004"])


@pytest.mark.parametrize(
    ("address", "passes"),
    [
        ("unix:///run/valkey.sock?db=1", True),
        ("redis+socket:///run/valkey.sock?virtual_host=0", True),
        ("rediss://valkey.example/0?ssl_cert_reqs=required&ssl_ca_certs=ca.pem", True),
        ("rediss://valkey.example/0", False),
        ("rediss://valkey.example/0?ssl_cert_reqs=CERT_REQUIRED", False),
        ("rediss://valkey.example/0?ssl_cert_reqs=none", False),
        ("rediss://valkey.example/0?ssl_cert_reqs=CERT_OPTIONAL", False),
        ("redis://valkey.example/0", False),
        ("redis://127.0.0.1/0", False),
        ("memory://", False),
    ],
)
def test_broker_results_and_cache_on_the_network_need_tls(address: str, passes: bool, settings: Any) -> None:
    settings.CELERY_BROKER_URL = settings.CELERY_RESULT_BACKEND = address
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": address}}
    found = checks.broker_and_cache_are_reached_in_private()
    assert [fault.msg.split()[0] for fault in found] == ([] if passes else ["BROKER_URL", "RESULT_URL", "CACHE_URL"])


def test_that_word_makes_all_three_libraries_look_at_the_certificate() -> None:
    """And without it the broker's does not, which is why it must be there."""
    told, silent = (Connection(f"rediss://valkey.example/0{end}").ssl for end in ("?ssl_cert_reqs=required", ""))
    assert (told["ssl_cert_reqs"], silent["ssl_cert_reqs"]) == (ssl.CERT_REQUIRED, ssl.CERT_NONE)
    results = Celery(broker="memory://", backend=PRIVATE_VALKEY, set_as_current=False).backend.connparams
    assert results["ssl_cert_reqs"] == ssl.CERT_REQUIRED
    cache = Redis.from_url(PRIVATE_VALKEY).connection_pool.make_connection()
    assert (cache.cert_reqs, cache.check_hostname) == (ssl.CERT_REQUIRED, True)


@pytest.mark.parametrize("hosts", [["*"], [".example"], ["portal.example", "*"]])
def test_a_host_of_anybodys_is_refused(hosts: list[str], settings: Any) -> None:
    settings.ALLOWED_HOSTS = hosts
    assert [fault.id for fault in checks.host_is_named()] == ["security.E007"]


@pytest.mark.parametrize("key", [None, "", "short", "a" * 64, "abcdefgh" * 8])
def test_a_key_that_can_be_guessed_is_refused(key: str | None, settings: Any) -> None:
    settings.SECRET_KEY = key
    assert [fault.id for fault in checks.signatures_cannot_be_guessed()] == ["security.E006"]


@pytest.mark.parametrize("name", ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"])
def test_a_cookie_without_tls_is_refused(name: str, settings: Any) -> None:
    settings.PLAIN_HTTP_ALLOWED = False
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    assert checks.pages_go_over_tls() == []
    setattr(settings, name, False)
    assert [fault.id for fault in checks.pages_go_over_tls()] == ["security.E003"]


@pytest.mark.stack
def test_of_all_that_runs_only_the_web_port_listens_on_the_network() -> None:
    """Every process of `make run` and its children, TCP and UDP; the servers answer on sockets of one account."""
    with Stack(seed=False) as stack:
        roots = [psutil.Process(child.pid) for child in stack.children.values()]
        port = stack.port
        running = [process for root in roots for process in (root, *root.children(recursive=True))]
        heard = {
            (place.laddr.ip, place.laddr.port)
            for process in running
            for place in process.net_connections(kind="inet")
            if place.status == psutil.CONN_LISTEN or (place.status == psutil.CONN_NONE and not place.raddr)
        }
        sockets = [path for path in stack.layout.sockets.rglob("*") if path.is_socket()]
        modes = {path.name: path.stat().st_mode & 0o077 for path in sockets}
    assert len(roots) == 6
    assert len(running) > 6, "gunicorn and the default worker have children"
    assert heard == {("127.0.0.1", port)}
    assert modes == {".s.PGSQL.5432": 0, "valkey.sock": 0}
