"""Which fields of API tokens and decoys are logged.

Of a token neither the hash nor what its member called it, which may be a name; of a decoy not what it is: who reads the
log is to be caught by it, too.
"""

from auditlog.registry import auditlog

from portal.security.models import ApiToken, Decoy


def register() -> None:
    auditlog.register(ApiToken, include_fields=["membership", "scopes", "expires_at", "revoked_at", "revoked_by"])
    auditlog.register(Decoy, include_fields=["tenant", "ended_at"])
