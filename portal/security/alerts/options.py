"""How a property is told of alerts, and what the portal may do by itself: read and changed by its owner."""

from django.db import transaction

from portal.security.models import AlertSettings
from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant


def options(tenant: Property) -> AlertSettings:
    """Return the settings of a property; one that has none yet gets the defaults, unsaved."""
    return AlertSettings.objects.filter(tenant=tenant).first() or AlertSettings(tenant=tenant)


@transaction.atomic
def change(*, tenant: Property, phone: str, locks_accounts: bool, suspends_devices: bool) -> AlertSettings:
    """Change the settings. Raises ValidationError."""
    row, _is_new = AlertSettings.objects.get_or_create(tenant=tenant)
    require_same_tenant(tenant, row)
    row = AlertSettings.objects.select_for_update(of=("self",)).get(pk=row.pk)
    row.phone, row.locks_accounts, row.suspends_devices = phone.strip(), locks_accounts, suspends_devices
    row.full_clean()
    row.save()
    return row
