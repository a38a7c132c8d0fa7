"""One public file from the network: over HTTPS only, bounded, resumable, whole or not at all, and only with its sum."""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path
from typing import IO

import httpx
from django.conf import settings

from recognition.engine.weights import WeightsError

MOST_REDIRECTS = 5
PATIENCE = httpx.Timeout(30.0, connect=10.0)
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def fetch(address: str, target: Path, *, sha256: str, most_bytes: int) -> None:
    """Put the file of an address at `target`, unless its bytes are there already. Raises WeightsError.

    What broke off is kept under another name, and the next call asks for the rest of it. A wrong sum removes it.
    """
    if digest(target) == sha256:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".fetching-{target.name}")
    with part.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise WeightsError(f"{target.name} is being fetched by another process.", target.name) from error
        if digest(part) != sha256:
            try:
                _download(address, file, most_bytes=most_bytes)
            except httpx.HTTPError as error:
                raise WeightsError(
                    f"{target.name} broke off after {file.tell()} bytes ({error}): run the command again to go on.",
                    target.name,
                ) from error
            except WeightsError:
                part.unlink(missing_ok=True)
                raise
        file.flush()
        os.fsync(file.fileno())
        if digest(part) != sha256:
            part.unlink(missing_ok=True)
            raise WeightsError(
                f"What {address} gave is not the {target.name} with this SHA-256. It was removed.", target.name
            )
        part.chmod(0o644)  # public bytes; the worker may be another user than whoever fetches them
        part.replace(target)


def digest(path: Path) -> str:
    """The SHA-256 of a file; empty when there is none."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _download(address: str, file: IO[bytes], *, most_bytes: int) -> None:
    """Append the rest of the file, or all of it from a server that cannot give a part."""
    with httpx.Client(timeout=PATIENCE) as client:
        start = file.seek(0, os.SEEK_END)
        if start and not _receive(client, address, file, start=start, most_bytes=most_bytes):
            start = 0
        if not start:
            _receive(client, address, file, start=0, most_bytes=most_bytes)


def _receive(client: httpx.Client, address: str, file: IO[bytes], *, start: int, most_bytes: int) -> bool:
    """Whether the server had what was asked for. False: it has no such part, so begin again."""
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    for _hop in range(MOST_REDIRECTS + 1):
        _require_safe(httpx.URL(address))
        with client.stream("GET", address, headers=headers) as response:
            if response.next_request is not None:
                address = str(response.next_request.url)
                continue
            if start and response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                return False
            is_rest = response.status_code == httpx.codes.PARTIAL_CONTENT
            if not is_rest and response.status_code != httpx.codes.OK:
                raise httpx.HTTPError(f"the server answered {response.status_code}")
            if is_rest and not response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
                return False
            if not is_rest:
                file.truncate(0)
            for piece in response.iter_raw():
                if file.tell() + len(piece) > most_bytes:
                    raise WeightsError(f"{address} gives more than the {most_bytes} bytes that we take.")
                file.write(piece)
            return True
    raise WeightsError(f"{address} leads on more than {MOST_REDIRECTS} times.")


def _require_safe(address: httpx.URL) -> None:
    if address.scheme == "https":
        return
    if address.scheme == "http" and address.host in _LOOPBACK and getattr(settings, "TESTING", False):
        return  # a test's own server
    raise WeightsError(f"{address} is not HTTPS: weights are not fetched in clear.")
