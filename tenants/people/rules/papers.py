"""Pure rules about a scan: what it is, by its content and never by its name."""

MAX_BYTES = 5 * 1000 * 1000
# (how it begins, how it ends, within how many of the last bytes)
_FORMATS: dict[str, tuple[bytes, bytes, int]] = {
    "application/pdf": (b"%PDF-", b"%%EOF", 1024),
    "image/jpeg": (b"\xff\xd8\xff", b"\xff\xd9", 64),
    "image/png": (b"\x89PNG\r\n\x1a\n", b"IEND", 64),
}


def scan_type(data: bytes) -> str | None:
    """Return the media type of a complete PDF, JPEG or PNG, or None for anything else."""
    for kind, (head, tail, room) in _FORMATS.items():
        if data.startswith(head):
            return kind if tail in data[-room:] else None
    return None
