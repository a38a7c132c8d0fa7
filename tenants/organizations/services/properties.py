"""Handlers and properties."""

from collections.abc import Mapping
from typing import TypeVar

from django.db import transaction

from tenants.organizations.kinds import PropertyKind, StorageMode
from tenants.organizations.models import Handler, Property
from tenants.organizations.scoping import enter_tenant

Row = TypeVar("Row", Handler, Property)


@transaction.atomic
def create_handler(
    *, name: str, credit_code: str, contact_name: str, contact_phone: str, contact_email: str = "", address: str = ""
) -> Handler:
    """Register the legal entity. Raises ValidationError."""
    handler = Handler(
        name=name,
        credit_code=credit_code,
        contact_name=contact_name,
        contact_phone=contact_phone,
        contact_email=contact_email,
        address=address,
    )
    handler.full_clean()
    handler.save()
    return handler


@transaction.atomic
def update_handler(*, handler: Handler, **fields: str) -> Handler:
    """Change the legal entity's particulars. Raises ValidationError."""
    return _update(handler, fields)


@transaction.atomic
def create_property(
    *,
    handler: Handler,
    slug: str,
    kind: PropertyKind | str,
    name: str,
    name_en: str = "",
    address: str = "",
    storage_mode: StorageMode | str = StorageMode.ON_DEVICE,
) -> Property:
    """Open a new tenant and enter its context, so that its first rows can be written. Raises ValidationError."""
    tenant = Property(
        handler=handler,
        slug=slug,
        kind=kind,
        name=name,
        name_en=name_en,
        address=address,
        storage_mode=storage_mode,
    )
    tenant.full_clean()
    enter_tenant(tenant.pk)  # before the save: its log entry belongs to the new property already
    tenant.save()
    return tenant


@transaction.atomic
def update_property(*, tenant: Property, **fields: str) -> Property:
    """Change name, address or storage mode. Raises ValidationError."""
    return _update(tenant, fields)


@transaction.atomic
def set_retention(*, tenant: Property, face_days: int, event_days: int) -> Property:
    """Set the two clocks of a property (Measures Art 8: the shortest time necessary). Raises ValidationError.

    Shortening holds at once for faces already kept: their end is computed, not stored.
    """
    return _update(tenant, {"face_days": face_days, "event_days": event_days})


def _update(row: Row, fields: Mapping[str, object]) -> Row:
    for name, value in fields.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    return row
