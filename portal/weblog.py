"""The log of gunicorn, which makes its own handlers and would write the address of a failed request as it came."""

from typing import Any

from gunicorn.glogging import Logger

from portal.redaction import RedactingFormatter


class WebLogger(Logger):
    """Named on the command line of the web process (portal/stack/processes.py)."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            before = handler.formatter
            handler.setFormatter(
                RedactingFormatter(before._fmt if before else None, before.datefmt if before else None)
            )
