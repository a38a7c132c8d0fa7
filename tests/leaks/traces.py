"""What a photo or an embedding would look like wherever it was left."""

import base64
import json
import os
import quopri
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import numpy as np

WINDOW = 24  # bytes: long enough never to occur by chance, short enough to be inside one page or line
LARGEST_FILE = 512 * 1024 * 1024


@dataclass(frozen=True)
class Trace:
    """One form that a secret may take, and its name for the report."""

    name: str
    needle: bytes


def of_bytes(name: str, secret: bytes, *, places: int = 8) -> list[Trace]:
    """Windows of a secret, raw, hexadecimal (as dumps write them) and base64 at every alignment."""
    traces = []
    for at in np.linspace(0, len(secret) - WINDOW - 3, places).astype(int):
        window = secret[at : at + WINDOW]
        traces += [Trace(f"{name} raw at {at}", window), Trace(f"{name} hex at {at}", window.hex().encode())]
        for shift in range(3):
            text = base64.b64encode(secret[at + shift : at + shift + WINDOW - 3])
            traces.append(Trace(f"{name} base64 at {at + shift}", text))
    return traces


def of_embedding(row: np.ndarray) -> list[Trace]:
    """An embedding as float32 and float64 bytes, and as the text of its numbers."""
    traces = of_bytes("embedding float32", row.astype("<f4").tobytes())
    traces += of_bytes("embedding float64", row.astype("<f8").tobytes())
    for number in (row[0], row[64], row[-1]):
        traces.append(Trace("embedding as text", json.dumps(float(number)).encode()[:14]))
    return traces


def of_text(name: str, secret: str) -> list[Trace]:
    """A text as files, dumps, tables, JSON, addresses and base64 write it. Its base64 fits every alignment."""
    encodings = {"UTF-8": secret.encode(), "GBK": secret.encode("gbk"), "UTF-16": secret.encode("utf-16-le")}
    traces = [Trace(f"{name} in {encoding}", raw) for encoding, raw in encodings.items()]
    raw = encodings["UTF-8"]
    escaped = json.dumps(secret)[1:-1]
    forms = {
        "hexadecimal": raw.hex(),
        "JSON": escaped,
        "JSON in a dump": escaped.replace("\\", "\\\\"),
        "an address": quote(secret),
        "an encoded word": quopri.encodestring(raw).decode(),
    }
    traces += [Trace(f"{name} in {form}", text.encode()) for form, text in forms.items()]
    for shift in range(3):
        whole = base64.b64encode(b"\0" * shift + raw)
        # The first and the last signs depend on what stands before and after.
        traces.append(Trace(f"{name} in base64 at {shift}", whole[4 if shift else 0 : len(raw) // 3 * 4]))
    return list(dict.fromkeys(traces))


def find(data: bytes, traces: Iterable[Trace], *, where: str) -> list[str]:
    return [f"{trace.name} in {where}" for trace in traces if trace.needle in data]


def files(folders: Iterable[Path], *, since: float) -> Iterator[Path]:
    """Every regular file changed since then, in any depth.

    Temp is everybody's: what another process removes while we walk is passed over, as `os.walk` does.
    """
    for folder in folders:
        for parent, _, names in os.walk(folder):
            for path in (Path(parent, name) for name in names):
                try:
                    if path.is_symlink() or not path.is_file():
                        continue
                    status = path.stat()
                except OSError:
                    continue
                if status.st_mtime >= since and 0 < status.st_size < LARGEST_FILE:
                    yield path
