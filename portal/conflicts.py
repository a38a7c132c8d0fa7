"""Two callers at the same moment: what PostgreSQL says to the slower one, read alike by pages and the API."""

from django.db import DatabaseError, IntegrityError
from django.utils.translation import gettext_lazy as _

SENTENCE = _("Somebody changed this at the same moment. Look again.")
# Serialization failure and deadlock (PostgreSQL, appendix A): one of two had to give way, and may try again.
_GAVE_WAY = frozenset({"40001", "40P01"})


def is_conflict(error: DatabaseError) -> bool:
    """Say whether somebody else was faster: a constraint let one through. What else fails stays our own fault."""
    return isinstance(error, IntegrityError) or getattr(error.__cause__, "sqlstate", None) in _GAVE_WAY
