"""Templates on the disk: sealed under the store's key, each bound to its person and model."""

import logging
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from numpy.typing import NDArray

from recognition.edge.agent.store import Store

logger = logging.getLogger(__name__)

_NONCE_BYTES = 12


@dataclass(frozen=True)
class Held:
    """One person's templates. `rows` is (count, dimension) float32, each row of length 1."""

    person: uuid.UUID
    model: str
    handle: str
    is_suspended: bool
    rows: NDArray[np.float32] = field(repr=False)


class Templates:
    """Every change is part of the transaction of its caller."""

    def __init__(self, store: Store, *, key: bytes) -> None:
        self._store = store
        self._cipher = AESGCM(key)

    def put(self, *, person: uuid.UUID, model: str, rows: NDArray[np.float32], handle: str) -> None:
        """Keep these in place of any that were there, and use them. `handle` is this terminal's own name for them."""
        count, dimension = rows.shape
        nonce = os.urandom(_NONCE_BYTES)
        context = _context(person, model, count, dimension)
        sealed = nonce + self._cipher.encrypt(nonce, rows.astype("<f4").tobytes(), context)
        self._store.write(
            "INSERT OR REPLACE INTO templates VALUES (?, ?, ?, ?, ?, 0, ?)",
            *(str(person), model, count, dimension, handle, sealed),
        )

    def suspend(self, person: uuid.UUID, *, to: bool) -> bool:
        """Return whether there was anything to suspend or resume."""
        return bool(self._store.write("UPDATE templates SET is_suspended = ? WHERE person = ?", int(to), str(person)))

    def delete(self, person: uuid.UUID) -> bool:
        return bool(self._store.write("DELETE FROM templates WHERE person = ?", str(person)))

    def wipe(self) -> bool:
        return bool(self._store.write("DELETE FROM templates"))

    def persons(self) -> dict[uuid.UUID, bool]:
        """Everybody held, and whether suspended."""
        return {
            uuid.UUID(person): bool(is_suspended)
            for person, is_suspended in self._store.rows("SELECT person, is_suspended FROM templates ORDER BY person")
        }

    def count(self) -> int:
        return int(self._store.rows("SELECT count(*) FROM templates")[0][0])

    def holds(self, person: uuid.UUID, *, handle: str) -> bool:
        found = self._store.rows("SELECT 1 FROM templates WHERE person = ? AND handle = ?", str(person), handle)
        return bool(found)

    def load(self, *, model: str, person: uuid.UUID | None = None) -> Iterator[Held]:
        """What this model may be compared with, of everybody or of one person.

        A row that does not open with this key in its place was changed or moved: it is not used, and holds up nothing.
        """
        found = self._store.rows(
            "SELECT person, count, dimension, handle, is_suspended, sealed FROM templates"
            " WHERE model = ?1 AND (?2 IS NULL OR person = ?2)",
            *(model, str(person) if person else None),
        )
        for name, count, dimension, handle, is_suspended, sealed in found:
            try:
                person = uuid.UUID(name)
                context = _context(person, model, count, dimension)
                plain = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context)
            except (InvalidTag, ValueError):
                logger.error("The template of person %s does not open and is not used.", name)
                continue
            rows = np.frombuffer(plain, dtype="<f4").reshape(count, dimension).astype(np.float32)
            yield Held(person, model, handle, bool(is_suspended), rows)


def _context(person: uuid.UUID, model: str, count: int, dimension: int) -> bytes:
    return f"consentry-agent-1|{person}|{model}|{count}|{dimension}".encode()
