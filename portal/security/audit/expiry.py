"""What is older than AUDIT_MONTHS may go, whole seals at a time. The seals stay, so the chain still proves."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.security.audit.walls import EXPIRY_SETTING, SOURCES
from portal.security.models import AuditSeal
from tenants.organizations.scoping import set_local

_HELD = """SELECT EXISTS (SELECT 1 FROM rights_legalhold
    WHERE kind = 'evidence' AND lifted_at IS NULL AND ends_on >= current_date)"""


@dataclass(frozen=True)
class Expired:
    """How many seals, and how many entries under them."""

    seals: int
    entries: int


def kept_since(now: datetime) -> datetime:
    """Return the time before which a seal's entries may be gone. A month counts as 31 days, so never too early."""
    return now - timedelta(days=31 * settings.AUDIT_MONTHS)


def expire(*, delete: bool, now: datetime | None = None) -> Expired:
    """Drop, or only count, the entries under seals older than AUDIT_MONTHS. As the owner of the tables.

    Raises ValidationError while a legal hold on evidence stands anywhere: nothing goes then.
    """
    limit = kept_since(now or timezone.now())
    seals = entries = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_HELD)
        if cursor.fetchone()[0]:
            raise ValidationError(
                _("A legal hold keeps evidence. Nothing of the log goes while it stands."), code="held"
            )
        set_local(EXPIRY_SETTING, "on" if delete else "")
        for seal in AuditSeal.objects.filter(made_at__lt=limit).defer("hashes").order_by("number").iterator():
            gone = 0
            for table, (_at, column) in SOURCES.items():
                verb = "DELETE" if delete else "SELECT"
                cursor.execute(f"{verb} FROM {table} WHERE id = ANY (%s)", [getattr(seal, column)])
                gone += cursor.rowcount
            seals, entries = seals + bool(gone), entries + gone
        set_local(EXPIRY_SETTING, "")
    return Expired(seals, entries)
