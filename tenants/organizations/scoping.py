"""What makes a row belong to one property, in Django and in PostgreSQL.

Every tenant-owned table has a forced row-level security policy that compares `tenant_id` with the
setting `consentry.tenant` of the current transaction (portal/security/policies.py). Without a context
no tenant-owned row is visible: forgetting it shows nothing rather than too much.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from tenants.organizations import actors

if TYPE_CHECKING:
    from tenants.organizations.models import Property

TENANT_SETTING = "consentry.tenant"
USER_SETTING = "consentry.user"
PLATFORM_SETTING = "consentry.platform"


class TenantOwned(models.Model):
    """A row of one property. The foreign key is always called `tenant`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.ForeignKey("organizations.Property", on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        # Ends in the audit log: an id, never a name.
        return f"{self._meta.model_name} {self.pk}"

    def get_additional_data(self) -> dict[str, str]:
        """Tell auditlog the tenant, so that a property can read its own log, and who acts where it is no member."""
        return actors.said({"tenant": str(self.tenant_id)})


def set_local(setting: str, value: str) -> None:
    """Set a PostgreSQL setting until the end of the current transaction.

    Raises RuntimeError outside a transaction, where PostgreSQL would forget it at once.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("The tenant context lives in a transaction; open one first.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [setting, value])


def enter_tenant(tenant_id: uuid.UUID) -> None:
    """Make the rows of one property visible until the transaction ends."""
    set_local(TENANT_SETTING, str(tenant_id))


@contextmanager
def tenant_context(tenant_id: uuid.UUID) -> Iterator[None]:
    """Open a transaction in which only this property's rows exist. For jobs and commands.

    Inside an outer transaction the outer context returns afterwards; otherwise it ends with the transaction.
    """
    is_inner = connection.in_atomic_block
    with transaction.atomic():
        previous = current_tenant_id() if is_inner else ""
        enter_tenant(tenant_id)
        yield
        if is_inner:
            set_local(TENANT_SETTING, previous)


def current_tenant_id() -> str:
    """Return the context's tenant id, or an empty string."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [TENANT_SETTING])
        return cursor.fetchone()[0]


def require_same_tenant(*rows: "TenantOwned | Property | None") -> None:
    """Refuse to link rows of different properties.

    Takes tenant-owned rows and properties; None is passed over. Raises ValidationError.
    """
    from tenants.organizations.models import Property

    ids = {row.pk if isinstance(row, Property) else row.tenant_id for row in rows if row is not None}
    if len(ids) > 1:
        raise ValidationError(_("These belong to different properties."), code="different_tenants")
