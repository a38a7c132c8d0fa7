"""Write grants, policies and triggers after a migration, as the owner, in one transaction."""

from django.db import connections, transaction

from portal.security import figures, grants, idempotency, ledger, policies, triggers
from portal.security.alerts import walls as alert_walls
from portal.security.audit import walls
from portal.security.webhooks import events, messages


def apply_after_migrate(*, using: str, **_kwargs: object) -> None:
    """Make the database's walls equal to the code's lists. Idempotent; runs after every migrate."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for part in (triggers, walls, alert_walls, events, messages, idempotency, figures, ledger, policies, grants):
            for statement in part.statements():
                cursor.execute(statement)
