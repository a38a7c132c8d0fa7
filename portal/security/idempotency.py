"""Doing once what a program asks for twice, because it did not hear the answer (docs/decisions/0025-idempotency.md).

The answer is written in the transaction of what it answers: both stand or fall together, and a process that is killed
leaves nothing behind. While the first request is at work a lock of that transaction tells the second one so.
"""

import os
from dataclasses import dataclass, field
from datetime import timedelta

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from portal.security.evidence import trigger
from portal.security.grants import WEB
from portal.security.models import KeptAnswer
from portal.security.place_triggers import AS_OWNER
from tenants.organizations.models import Property

KEPT = timedelta(days=1)
_NONCE_BYTES = 12


class InProgress(Exception):
    """The first request with this key is at work."""


class KeyReused(Exception):
    """Another request was sent with this key before."""


@dataclass(frozen=True)
class Kept:
    """What was answered. `body` is None where an erasure has emptied it; `location` may say where it stands."""

    status: int
    location: str
    body: bytes | None = field(repr=False)


@dataclass(frozen=True)
class Claim:
    """One request under its key. The lock is held until the transaction ends."""

    tenant: Property
    caller: str
    key_hash: str
    request_hash: str
    _secret: bytes = field(repr=False)

    def keep(self, *, status: int, body: bytes, location: str = "") -> KeptAnswer:
        nonce = os.urandom(_NONCE_BYTES)
        sealed = nonce + AESGCM(self._secret).encrypt(nonce, body, self._bound())
        return KeptAnswer.objects.create(
            tenant=self.tenant,
            caller=self.caller,
            key_hash=self.key_hash,
            request_hash=self.request_hash,
            status=status,
            location=location,
            sealed=sealed,
        )

    def earlier(self) -> Kept | None:
        """Return what was answered within the last day. Raises KeyReused when something else was asked."""
        row = KeptAnswer.objects.filter(tenant=self.tenant, caller=self.caller, key_hash=self.key_hash).first()
        if row is None:
            return None
        if row.created_at <= timezone.now() - KEPT:
            row.delete()
            return None
        if not constant_time_compare(row.request_hash, self.request_hash):
            raise KeyReused
        return Kept(row.status, row.location, self._opened(row.sealed))

    def _opened(self, sealed: bytes | memoryview | None) -> bytes | None:
        if sealed is None:
            return None
        content = bytes(sealed)
        return AESGCM(self._secret).decrypt(content[:_NONCE_BYTES], content[_NONCE_BYTES:], self._bound())

    def _bound(self) -> bytes:
        return f"{self.tenant.pk} {self.caller} {self.key_hash}".encode()


def claim(*, tenant: Property, caller: str, key: str, request: bytes) -> Claim:
    """Take this key for one request, whose every byte is `request`. Raises InProgress while another one has it.

    Everything that is kept is keyed by the key itself and by the portal's own secret: the table alone opens no body,
    and tells of no photo or name whether it was sent.
    """
    about = f"{tenant.pk} {caller} {key}"
    secret = salted_hmac("portal.security.idempotency.secret", about, algorithm="sha256").digest()
    key_hash = salted_hmac("portal.security.idempotency.key", about, algorithm="sha256").hexdigest()
    request_hash = salted_hmac("portal.security.idempotency.request", request, secret=secret, algorithm="sha256")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"answer {key_hash}"])
        if not cursor.fetchone()[0]:
            raise InProgress
    return Claim(tenant, caller, key_hash, request_hash.hexdigest(), secret)


def sweep() -> int:
    """Forget every answer that is a day old, in all properties; return how many there were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT consentry_forget_answers(%s)", [timezone.now() - KEPT])
        return int(cursor.fetchone()[0])


def statements() -> list[str]:
    """Return the SQL of the sweep's function, which deletes by age and reads nothing, and of what an erasure does.

    Nobody can say whose data a sealed answer holds: with any erasure all of its property are emptied, however many
    are ordered by one statement. That it was done stays known, so nothing is done twice.
    """
    return [
        f"""
        CREATE OR REPLACE FUNCTION consentry_empty_answers() RETURNS trigger {AS_OWNER} AS $$
        BEGIN
          UPDATE security_keptanswer SET sealed = NULL
          WHERE sealed IS NOT NULL AND tenant_id IN (SELECT tenant_id FROM ordered);
          RETURN NULL;
        END $$
        """,  # noqa: S608 - nothing of a caller's
        *trigger(
            "rights_erasure",
            "an_erasure_empties_answers",
            "AFTER INSERT",
            "STATEMENT",
            "consentry_empty_answers()",
            referencing="NEW TABLE AS ordered",
        ),
        """
        CREATE OR REPLACE FUNCTION consentry_forget_answers(moment timestamptz) RETURNS bigint
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
          WITH gone AS (DELETE FROM security_keptanswer WHERE created_at <= moment RETURNING 1)
          SELECT count(*) FROM gone
        $$
        """,
        "REVOKE ALL ON FUNCTION consentry_forget_answers(timestamptz) FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION consentry_forget_answers(timestamptz) TO {WEB}",
    ]
