"""Where something could be left, read in plain: the database, sessions, Valkey, files."""

import base64
import os
import subprocess
import tempfile
import zlib
from collections.abc import Iterable
from pathlib import Path

import psycopg
import redis

from portal.stack.postgres import BINARIES
from portal.stack.run import Stack
from tests.leaks import traces
from tests.leaks.traces import Trace


def dump(stack: Stack) -> bytes:
    """A plain-text dump by the owner, as a backup would make it."""
    environment = os.environ | {"PGOPTIONS": "-c client_min_messages=error"}
    url = stack.env("owner")["DATABASE_URL_OWNER"]
    command = [str(BINARIES / "pg_dump"), "--enable-row-security", f"--dbname={url}"]
    return subprocess.run(command, env=environment, capture_output=True, check=True).stdout


def sessions(stack: Stack) -> bytes:
    """What members' and visitors' sessions hold: in the dump they are compressed."""
    with psycopg.connect(stack.env("owner")["DATABASE_URL_OWNER"]) as connection:
        rows = connection.execute("SELECT session_data FROM django_session").fetchall()
    return b"\n".join(_opened(row[0]) for row in rows)


def _opened(signed: str) -> bytes:
    """Django writes `data:time:signature`; a dot before the data says that it is compressed."""
    data = signed.lstrip(".").partition(":")[0]
    raw = base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))
    return zlib.decompress(raw) if signed.startswith(".") else raw


def valkey_contents(stack: Stack) -> bytes:
    found = []
    for database in (0, 1):
        address = stack.env("web")["CACHE_URL"].removeprefix("unix://").partition("?")[0]
        with redis.Redis(unix_socket_path=address, db=database) as client:
            for key in client.scan_iter(count=1000):
                # Read by kind: DUMP would compress what we look for.
                kind = client.type(key)
                read = {b"string": client.get, b"hash": client.hgetall, b"set": client.smembers}.get(kind)
                value = read(key) if read else client.sort(key, by="nosort")
                parts = [*value.keys(), *value.values()] if isinstance(value, dict) else value
                found += [key, parts] if isinstance(parts, bytes) else [key, *(parts or ())]
    return b"\n".join(found)


def search(
    stack: Stack, wanted: list[Trace], *, since: float, apart_from: Iterable[Path] = (), besides: Iterable[Path] = ()
) -> list[str]:
    """Look everywhere; return what was found where. `apart_from` are folders that the caller gives a reason for."""
    temporary = Path(tempfile.gettempdir())
    others = [folder for folder in temporary.glob("consentry-*") if not stack.layout.var.is_relative_to(folder)]
    left_out = [folder.resolve() for folder in (*apart_from, *others)]
    # Most stacks of tests lie in the temporary folder themselves.
    places = [folder for folder in (stack.layout.var, *besides) if not folder.is_relative_to(temporary)]
    found = traces.find(dump(stack), wanted, where="the database's dump")
    found += traces.find(sessions(stack), wanted, where="a session")
    found += traces.find(valkey_contents(stack), wanted, where="Valkey")
    for path in traces.files([temporary, *places], since=since):
        if "photos" in path.parts or any(path.is_relative_to(folder) for folder in left_out):
            continue  # where the tests keep the photo itself, or what the caller leaves out
        try:
            found += traces.find(path.read_bytes(), wanted, where=str(path))
        except OSError:
            continue
    return found
