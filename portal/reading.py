"""Says at the doors that somebody read what matters (tenants/organizations/trail.py keeps it)."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from tenants.organizations.models import Property
from tenants.organizations.trail import Happening, Kind, note


def note_read(
    kind: Kind,
    *,
    user: AbstractBaseUser | AnonymousUser,
    tenant: Property | None = None,
    subject: str = "",
    **facts: str | int,
) -> None:
    """Write down that this member read something; `facts` are codes and counts. In the request's transaction."""
    tenant_id = tenant.pk if tenant else None
    if tenant is not None and tenant.emergency is not None:
        facts["emergency"] = str(tenant.emergency.pk)
    note(Happening(kind=kind, actor=f"user:{user.pk}", tenant_id=tenant_id, subject=subject, facts=facts))
