"""Tell whoever judges that a fact has changed, without knowing who judges.

The gate stands above the rooms whose facts it reads, so it registers itself here at start-up. A service
that changes such a fact says so inside its own transaction: what follows commits with it, or not at all.
"""

from typing import Protocol

from django.db import connection
from django.db.models import F

from tenants.organizations.models import Property


class Listener(Protocol):
    def __call__(self, *, tenant: Property) -> None:
        """Judge this property again."""


_listeners: list[Listener] = []


def hold_facts(*, tenant: Property) -> None:
    """Let the changes of one property happen one after the other: the first statement of every service that makes one.

    Rows are locked after it and in any order: two changes cannot wait for each other, and what the gate judges at
    the end of one is not changed by another meanwhile. Until the end of the transaction; twice changes nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"facts:{tenant.pk}"])


def listen(listener: Listener) -> None:
    """Register a listener once."""
    if listener not in _listeners:
        _listeners.append(listener)


def facts_changed(*, tenant: Property) -> None:
    """Say that something the gate looks at has changed in this property. Call it last, in the same transaction.

    The number makes the next sweep judge the whole property, should the task that does so at once be lost.
    """
    Property.objects.filter(pk=tenant.pk).update(facts_version=F("facts_version") + 1)
    for listener in _listeners:
        listener(tenant=tenant)
