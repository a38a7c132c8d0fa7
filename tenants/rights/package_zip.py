"""One file to download: a zip with a list of what is in it, and sums that any machine can check."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import datetime

FORMAT = "consentry-package/2"


def pack(files: Mapping[str, bytes], *, made_at: datetime) -> bytes:
    """Return the zip: the files, `manifest.json`, and `SHA256SUMS` as `sha256sum -c` reads it.

    The same files at the same time give the same bytes.
    """
    manifest = {
        "format": FORMAT,
        "made_at": made_at.isoformat(),
        "files": [{"name": name, "bytes": len(body), "sha256": _sum(body)} for name, body in files.items()],
    }
    whole = {**files, "manifest.json": (json.dumps(manifest, indent=2) + "\n").encode()}
    whole["SHA256SUMS"] = "".join(f"{_sum(body)}  {name}\n" for name, body in whole.items()).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in whole.items():
            entry = zipfile.ZipInfo(name, date_time=made_at.timetuple()[:6])
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            archive.writestr(entry, body)
    return packed.getvalue()


def _sum(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
