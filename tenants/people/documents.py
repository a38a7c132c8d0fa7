"""Telling one person from another by a document's number without keeping the number.

Numbers are few enough to try them all, so a hash alone would keep them. The key is not in the database, and the
handler is part of what is hashed: the same document has another hash at every handler (regulation: no comparing
across handlers), and one at all compounds of the same one, whose people are counted once (Measures Art 15).
"""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from tenants.people.rules.documents import is_document, plain_document


def hash_document(*, handler_id: uuid.UUID, number: str) -> str:
    """Return 64 hexadecimal digits, or nothing for nothing. Raises ValidationError for what is no number."""
    plain = plain_document(number)
    if not plain:
        return ""
    if not is_document(plain):
        message = _("This cannot be the number of a document. Look again at each digit.")
        raise ValidationError({"document": ValidationError(message, code="document")})
    keyed = salted_hmac(
        "tenants.people.documents", f"{handler_id}:{plain}", secret=settings.PASS_KEY, algorithm="sha256"
    )
    return keyed.hexdigest()
