"""How the last verification ended, for pages: it reads the whole log, so a worker does it every hour."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.utils import timezone

from portal.security.audit.verification import Fault, verify

logger = logging.getLogger(__name__)
_KEY = "audit-standing"
_KEPT = 7 * 24 * 3600


@dataclass(frozen=True)
class Standing:
    """`until`: everything up to here is as it was sealed; None when nothing is. `broken`: how many entries are not."""

    checked_at: datetime
    until: datetime | None
    broken: int = 0
    table: str = ""
    id: int = 0
    fault: Fault | None = None


def check() -> Standing:
    """Verify the whole log and keep how it ended. A broken log is an error in the process's own log as well."""
    verdict = verify()
    first = verdict.first
    if first is None:
        standing = Standing(checked_at=timezone.now(), until=verdict.until)
    else:
        logger.error("The audit is broken: %s %s, %s.", first.table, first.id, first.fault.value)
        standing = Standing(
            checked_at=timezone.now(),
            until=None,
            broken=len(verdict.findings),
            table=first.table,
            id=first.id,
            fault=first.fault,
        )
    cache.set(_KEY, standing, _KEPT)
    return standing


def last() -> Standing | None:
    """Return how the last verification ended, None when there was none for a week."""
    standing: Standing | None = cache.get(_KEY)
    return standing
