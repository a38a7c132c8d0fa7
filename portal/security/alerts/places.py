"""Where an alert belongs: to one property, or to the platform."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from tenants.organizations.scoping import PLATFORM_SETTING, set_local, tenant_context


@contextmanager
def place(tenant_id: uuid.UUID | None) -> Iterator[None]:
    """Open a transaction in which the alerts of this property exist, or with None those of the platform alone.

    Inside an outer transaction the outer context returns afterwards.
    """
    if tenant_id is not None:
        with tenant_context(tenant_id):
            yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [PLATFORM_SETTING])
            before = cursor.fetchone()[0]
        set_local(PLATFORM_SETTING, "on")
        yield
        set_local(PLATFORM_SETTING, before)
