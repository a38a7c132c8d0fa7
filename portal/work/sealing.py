"""What a member asked for and the file that came of it, sealed at rest: neither a backup nor a reader of the database
can open them. The key is made from SECRET_KEY; when that is replaced, what waits is asked for again.
"""

import json
import zlib
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from portal.work.models import Job
from recognition.vault import envelope

Unreadable = envelope.Unreadable


@cache
def _key(secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"consentry long work").derive(secret.encode())


def _bound_to(job: Job, part: str) -> bytes:
    return envelope.context("consentry-work-1", job.tenant_id, job.pk, part)


def seal(job: Job, part: str, content: bytes) -> bytes:
    """Seal bytes for one part of one row: "asked" or "result"."""
    return envelope.seal(_key(settings.SECRET_KEY), content, aad=_bound_to(job, part))


def unseal(job: Job, part: str) -> bytes:
    """Open a part again. Raises Unreadable."""
    return envelope.unseal(_key(settings.SECRET_KEY), bytes(getattr(job, part)), aad=_bound_to(job, part))


def seal_asked(job: Job, asked: dict[str, Any]) -> bytes:
    return seal(job, "asked", zlib.compress(json.dumps(asked).encode()))


def unseal_asked(job: Job) -> dict[str, Any]:
    """Return what was asked. Raises Unreadable."""
    return dict(json.loads(zlib.decompress(unseal(job, "asked"))))
