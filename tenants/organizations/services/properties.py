"""Handlers and properties."""

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.changes import facts_changed, hold_facts
from tenants.organizations.kinds import PropertyKind, StorageMode
from tenants.organizations.models import Handler, Property
from tenants.organizations.scoping import enter_tenant

Row = TypeVar("Row", Handler, Property)


@transaction.atomic
def create_handler(
    *,
    name: str,
    credit_code: str,
    contact_name: str,
    contact_phone: str,
    contact_email: str = "",
    address: str = "",
    contract_signed_on: date | None = None,
    contract_ends_on: date | None = None,
) -> Handler:
    """Register the legal entity. Raises ValidationError."""
    handler = Handler(
        name=name,
        credit_code=credit_code,
        contact_name=contact_name,
        contact_phone=contact_phone,
        contact_email=contact_email,
        address=address,
        contract_signed_on=contract_signed_on,
        contract_ends_on=contract_ends_on,
    )
    handler.full_clean()
    handler.save()
    return handler


@transaction.atomic
def update_handler(*, handler: Handler, **fields: str | date | None) -> Handler:
    """Change the legal entity's particulars or its processing contract (PIPL 21). Raises ValidationError.

    The gate's next sweep, within a minute, judges all of its properties again; a match asks for the contract each time.
    """
    signed, ends = fields.get("contract_signed_on"), fields.get("contract_ends_on")
    if isinstance(signed, date) and isinstance(ends, date) and ends < signed:
        raise ValidationError(
            {"contract_ends_on": ValidationError(_("The contract ends before it was signed."), code="reversed")}
        )
    handler = _update(handler, fields)
    Property.objects.filter(handler=handler).update(facts_version=F("facts_version") + 1)
    return handler


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
def update_property(*, tenant: Property, **fields: str | bool) -> Property:
    """Change name, address, storage mode, quality of photos or whether children may be enrolled.

    Raises ValidationError.
    """
    hold_facts(tenant=tenant)
    _update(tenant, fields)
    facts_changed(tenant=tenant)
    return tenant


@transaction.atomic
def set_limits(*, of: Row, **limits: int | None) -> Row:
    """Say how much a property, or each property of a handler, may use (organizations/limits.py); None is no limit.

    What is there already stays, however much it is. Raises ValidationError.
    """
    if not limits:
        raise ValidationError(_("Say which limit to set."), code="required")
    return _update(of, limits)


@transaction.atomic
def stop_faces(*, tenant: Property, reason: str) -> Property:
    """Stop every face of a property at once, as a court or an inspector may order (Civil Code 997; SPC 2021 Art 9).

    Cards, PINs, QR passes and the desk go on. Raises ValidationError without a reason.
    """
    if not reason.strip():
        raise ValidationError({"reason": ValidationError(_("Say why all faces are stopped."), code="required")})
    hold_facts(tenant=tenant)
    _update(tenant, {"faces_stopped_at": timezone.now(), "faces_stopped_for": reason.strip()})
    facts_changed(tenant=tenant)
    return tenant


@transaction.atomic
def release_faces(*, tenant: Property) -> Property:
    """End the stop. Each device and face still has to pass the gate. Raises ValidationError when nothing is stopped."""
    hold_facts(tenant=tenant)
    tenant.refresh_from_db(fields=["faces_stopped_at"])
    if tenant.faces_stopped_at is None:
        raise ValidationError(_("Nothing is stopped."), code="not_stopped")
    _update(tenant, {"faces_stopped_at": None, "faces_stopped_for": ""})
    facts_changed(tenant=tenant)
    return tenant


@transaction.atomic
def set_retention(
    *, tenant: Property, face_days: int, event_days: int, request_days: int | None = None, alarm_days: int | None = None
) -> Property:
    """Set the clocks of a property (Measures Art 8: the shortest time necessary); None leaves one as it is.

    Shortening holds at once for faces already kept: their end is computed, not stored. Members come here through
    `rights.services.retention`, which asks the notice first. Raises ValidationError.
    """
    hold_facts(tenant=tenant)
    others = {"request_days": request_days, "alarm_days": alarm_days}
    wanted = {name: days for name, days in others.items() if days is not None}
    _update(tenant, {"face_days": face_days, "event_days": event_days} | wanted)
    facts_changed(tenant=tenant)
    return tenant


def _update(row: Row, fields: Mapping[str, object]) -> Row:
    """Set these fields and no other: what somebody else changed since `row` was read stays changed."""
    now = type(row).objects.select_for_update(no_key=True).get(pk=row.pk)
    for name, value in fields.items():
        setattr(now, name, value)
        setattr(row, name, value)
    now.full_clean()
    now.save(update_fields=list(fields))
    return row
