"""Compares rows with the log of changes: each row was made by an entry, and nobody takes such a row away.

Both are written in one transaction, so one look sees either both or neither. Only tables from which no running process
may delete are compared (portal/security/grants.py); those that only the face worker reads are not.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet, TextField, UUIDField
from django.db.models.functions import Cast

from portal.security.models import ApiToken
from tenants.organizations.audit import log_of
from tenants.organizations.models import Membership, Property
from tenants.organizations.scoping import TenantOwned, tenant_context
from tenants.organizations.trail import Happening, Sign, tell
from tenants.people.models import Consent, Guardian, Person
from tenants.premises.models import Device
from tenants.rights.models import Certificate, Erasure, ErasureReceipt

# Each with the moment at which a row is made.
COMPARED: dict[type[TenantOwned], str] = {
    Membership: "created_at",
    Device: "created_at",
    Person: "created_at",
    Guardian: "recorded_at",
    Consent: "decided_at",
    Erasure: "ordered_at",
    ErasureReceipt: "at",
    Certificate: "issued_at",
    ApiToken: "created_at",
}
# A look reads the newest rows only; the next one overlaps it.
LOOKS_BACK = timedelta(days=2)


@dataclass(frozen=True)
class Difference:
    """Rows of one table that no entry explains, entries whose row is gone, and the id of the first of them."""

    table: str
    unexplained: int
    gone: int
    first: str


def look(*, now: datetime) -> None:
    """Compare every property and tell of what differs. A few short queries for each property."""
    for tenant_id in Property.objects.values_list("pk", flat=True):
        for found in differences(tenant_id=tenant_id, since=now - LOOKS_BACK):
            facts: dict[str, str | int] = {"unexplained": found.unexplained, "gone": found.gone, "first": found.first}
            tell(Happening(Sign.ROWS_DIFFER, "worker:web", tenant_id, f"table:{found.table}", facts, now))


def differences(*, tenant_id: uuid.UUID, since: datetime) -> list[Difference]:
    """Return where the rows of one property and its log disagree about what was made since then."""
    found = []
    with tenant_context(tenant_id):
        for model, made_at in COMPARED.items():
            unexplained = [str(pk) for pk in _unexplained(model, made_at, tenant_id, since)]
            gone = list(_gone(model, tenant_id, since))
            if unexplained or gone:
                first = (unexplained + gone)[0]
                found.append(Difference(model._meta.db_table, len(unexplained), len(gone), first))
    return found


def _entries(model: type[TenantOwned], log: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
    kind = ContentType.objects.get_for_model(model)
    return log.filter(content_type=kind, action=LogEntry.Action.CREATE)


def _unexplained(model: Any, made_at: str, tenant_id: uuid.UUID, since: datetime) -> QuerySet[Any]:
    rows = model.objects.filter(tenant_id=tenant_id, **{f"{made_at}__gte": since})
    said = _entries(model, LogEntry.objects.all()).filter(object_pk=OuterRef("text"))
    return rows.annotate(text=Cast("pk", TextField())).exclude(Exists(said)).values_list("pk", flat=True)


def _gone(model: Any, tenant_id: uuid.UUID, since: datetime) -> QuerySet[Any]:
    said = _entries(model, log_of(tenant_id)).filter(timestamp__gte=since)
    rows = model.objects.filter(pk=Cast(OuterRef("object_pk"), UUIDField()))
    return said.exclude(Exists(rows)).values_list("object_pk", flat=True)
