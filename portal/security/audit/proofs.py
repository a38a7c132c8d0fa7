"""Entries with the proof that they stand under a signed seal, to be checked without this portal (docs/evidence.md)."""

import base64
from collections.abc import Sequence
from typing import Any

from django.db import connection

from portal.security.audit import merkle
from portal.security.audit.walls import SOURCES, text_of
from portal.security.models import AuditSeal
from tenants.organizations.scoping import set_local
from tenants.rights import signing

FORMAT = "consentry/audit-export/1"


def export(table: str, ids: Sequence[int]) -> dict[str, Any]:
    """Return the entries of these ids that the caller's context may see, each with its way up to a seal's root.

    An entry that waits for its seal has none yet. Raises KeyError for a table that is none of the audit's.
    """
    column = SOURCES[table][1]
    texts = _texts(table, ids)
    seals: list[dict[str, str]] = []
    places: dict[int, Any] = {}
    for seal in AuditSeal.objects.filter(**{f"{column}__overlap": list(texts)}).order_by("number"):
        seals.append({"body": seal.body, "signature": seal.signature, "key_id": seal.key_id})
        leaves = _leaves(seal)
        above = 0 if table == next(iter(SOURCES)) else len(seal.entry_ids)
        places |= {
            number: {"seal": seal.number, "steps": _steps(leaves, above + place)}
            for place, number in enumerate(getattr(seal, column))
            if number in texts
        }
    unsealed: dict[str, Any] = {"seal": None, "steps": []}
    return {
        "format": FORMAT,
        "entries": [{"leaf": text} | places.get(number, unsealed) for number, text in texts.items()],
        "seals": seals,
        "public_keys": {name: base64.b64encode(key).decode() for name, key in signing.public_keys().items()},
    }


def _texts(table: str, ids: Sequence[int]) -> dict[int, str]:
    set_local("timezone", "UTC")  # in which leaves are written
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {text_of(table)} FROM {table} one WHERE id = ANY (%s) ORDER BY id", [list(ids)])  # noqa: S608 - our own table names
        return dict(cursor.fetchall())


def _leaves(seal: AuditSeal) -> list[bytes]:
    hashes = bytes(seal.hashes)
    return [hashes[at : at + merkle.HASH_BYTES] for at in range(0, len(hashes), merkle.HASH_BYTES)]


def _steps(leaves: list[bytes], place: int) -> list[dict[str, Any]]:
    return [{"is_left": step.is_left, "hash": step.hash.hex()} for step in merkle.proof(leaves, place)]
