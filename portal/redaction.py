"""Keep secrets that stand in addresses out of the log: personal links, tickets and tracking codes.

Django logs the path of every refused or failed request; on these pages the path is the key.
"""

import logging
import re

_SECRET = re.compile(
    r"(/p/[^/\s]+/(?:me|register|requests|complaints)/|/public/[^/\s]+/(?:requests|complaints)/)[^/\s?]+"
)


def redact(text: str) -> str:
    """Replace the secret part of any address in a text by dots."""
    return _SECRET.sub(r"\1…", text)


class RedactSecrets(logging.Filter):
    """Redacts the finished message, whatever logger it comes from. It never drops a record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), None
        return True
