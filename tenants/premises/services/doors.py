"""Doors and the ways to pass them. A door whose last other method fails stops its faces (Measures Art 10)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.changes import facts_changed, hold_facts
from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant
from tenants.premises.kinds import MethodKind, SuspensionReason
from tenants.premises.models import AccessMethod, AccessPoint, Device, Zone
from tenants.premises.rules import has_alternative, is_private_place
from tenants.premises.services.devices import suspend_active
from tenants.premises.services.effects import Effects, watching
from tenants.premises.services.places import lock_place, removed, zone_kinds

Methods = Iterable[MethodKind | str] | Mapping[str, Mapping[str, Any]]
TERMS = frozenset({"opens_at", "closes_at", "fee", "steps", "distance_m", "extra_papers"})


@transaction.atomic
def create_door(*, tenant: Property, zone: Zone, name: str, methods: Methods = ()) -> AccessPoint:
    """Add a door with its methods, all live. Raises ValidationError.

    `methods` are kinds, or kinds with their terms: {"card": {"fee": Decimal(0), "opens_at": None, …}}. A kind alone
    is at the same door, all day and free of charge. Raises TypeError on a term outside TERMS.
    """
    require_same_tenant(tenant, zone)
    hold_facts(tenant=tenant)
    zone = lock_place(zone)
    door = AccessPoint(tenant=tenant, zone=zone, name=name)
    door.full_clean()
    door.save()
    _set_methods(tenant, door, methods)
    facts_changed(tenant=tenant)
    return door


@transaction.atomic
def update_door(*, tenant: Property, door: AccessPoint, zone: Zone, name: str, methods: Methods) -> Effects:
    """Change a door and its methods, and return the devices that this suspended or resumed. Raises ValidationError.

    A term that is not given stays as it is, and so does whether the method works today.
    """
    require_same_tenant(tenant, door, zone)
    with watching(tenant=tenant) as effects:
        door = lock_place(door)
        door.zone, door.name = lock_place(zone), name
        door.full_clean()
        door.save()
        _set_methods(tenant, door, methods)
        _enforce(tenant, door)
        facts_changed(tenant=tenant)
    return effects


@transaction.atomic
def set_method_live(*, tenant: Property, method: AccessMethod, is_live: bool, since: datetime | None = None) -> Effects:
    """Record that a method failed (`since`, or now) or works again; return the devices this suspended or resumed.

    Raises ValidationError when `since` is still to come.
    """
    require_same_tenant(tenant, method)
    now = timezone.now()
    if since is not None and since > now:
        raise ValidationError({"since": ValidationError(_("This time is still to come."), code="future")})
    with watching(tenant=tenant) as effects:
        door = lock_place(method.access_point)
        _read_again(method)
        if method.is_live != is_live or (since and not is_live and since != method.out_of_order_since):
            method.is_live = is_live
            method.out_of_order_since = None if is_live else since or now
            method.save()
        _enforce(tenant, door)
        facts_changed(tenant=tenant)
    return effects


@transaction.atomic
def update_method(
    *,
    tenant: Property,
    method: AccessMethod,
    is_live: bool | None = None,
    since: datetime | None = None,
    **terms: Any,
) -> Effects:
    """Change what one method asks, and whether it works; what is not given stays.

    Returns the devices that this suspended or resumed.

    Raises ValidationError with the term's name; TypeError on a term outside TERMS.
    """
    require_same_tenant(tenant, method)
    hold_facts(tenant=tenant)
    lock_place(method.access_point)
    _read_again(method)
    try:
        _set_terms(method, terms)
    except ValidationError as broken:
        named = {name.removeprefix(f"{method.kind}_"): errors for name, errors in broken.error_dict.items()}
        raise ValidationError(named) from broken
    wanted = method.is_live if is_live is None else is_live
    return set_method_live(tenant=tenant, method=method, is_live=wanted, since=since)


@transaction.atomic
def delete_door(*, tenant: Property, door: AccessPoint) -> None:
    """Remove a door that never had a device. Raises ValidationError otherwise."""
    require_same_tenant(tenant, door)
    hold_facts(tenant=tenant)
    door = lock_place(door)
    if door.devices.exists():
        raise ValidationError(_("Devices were registered at this door; it stays in the record."), code="door_in_use")
    door.delete()
    facts_changed(tenant=tenant)


def live_methods(door: AccessPoint) -> list[str]:
    """Return the kinds that work today."""
    return [method.kind for method in door.methods.all() if method.is_live]


def _read_again(method: AccessMethod) -> None:
    try:
        method.refresh_from_db()
    except AccessMethod.DoesNotExist as missing:
        raise removed() from missing


def _set_methods(tenant: Property, door: AccessPoint, wanted: Methods) -> None:
    terms = wanted if isinstance(wanted, Mapping) else {}
    kinds = {MethodKind(kind) for kind in wanted}
    for method in AccessMethod.objects.filter(access_point=door):
        if method.kind in kinds:
            kinds.discard(MethodKind(method.kind))
            _set_terms(method, terms.get(method.kind, {}))
        else:
            method.delete()
    for kind in sorted(kinds):
        _set_terms(AccessMethod(tenant=tenant, access_point=door, kind=kind), terms.get(kind, {}))


def _set_terms(method: AccessMethod, terms: Mapping[str, Any]) -> None:
    """Save a method with its terms; an error names its kind and field: `card_fee`, or `card_opens_at` for its hours."""
    if terms.keys() - TERMS:
        raise TypeError(f"Not a term of a method: {sorted(terms.keys() - TERMS)}")
    for name, value in terms.items():
        setattr(method, name, value)
    try:
        method.full_clean()
    except ValidationError as broken:
        raise ValidationError(
            {
                f"{method.kind}_{name if name in TERMS else 'opens_at'}": errors
                for name, errors in broken.error_dict.items()
            }
        ) from broken
    method.save()


def _enforce(tenant: Property, door: AccessPoint) -> None:
    """Stop the faces of a door that no longer has another way, or that moved into a private place."""
    live = AccessMethod.objects.filter(access_point=door, is_live=True).values_list("kind", flat=True)
    if is_private_place(zone_kinds(tenant)[door.zone_id]):
        reason = SuspensionReason.PRIVATE_PLACE
    elif not has_alternative(live):
        reason = SuspensionReason.NO_ALTERNATIVE
    else:
        return
    suspend_active(devices=Device.objects.filter(access_point=door), reason=reason)
