"""A handler begins: the legal entity and its contract, its first property, and who owns that."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tenants.organizations.access import leave
from tenants.organizations.kinds import PropertyKind, StorageMode
from tenants.organizations.models import Handler, Property, User
from tenants.organizations.roles import Role
from tenants.organizations.services import members, properties


class Begun(NamedTuple):
    handler: Handler
    tenant: Property
    owner: User


@transaction.atomic
def begin(
    *,
    handler: Handler | None,
    handler_name: str = "",
    credit_code: str = "",
    contact_name: str = "",
    contact_phone: str = "",
    contact_email: str = "",
    handler_address: str = "",
    contract_signed_on: date | None = None,
    contract_ends_on: date | None = None,
    slug: str,
    kind: PropertyKind | str,
    name: str,
    name_en: str = "",
    address: str = "",
    storage_mode: StorageMode | str = StorageMode.ON_DEVICE,
    owner_email: str,
    owner_name: str = "",
) -> Begun:
    """Register a handler, or take one that is there, open its property and name its first owner: all or nothing.

    No letter is sent here (portal/sign_in/invitations.py). Raises ValidationError with the names of these arguments.
    """
    if handler is None:
        with _renamed(name="handler_name", address="handler_address"):
            handler = properties.create_handler(
                name=handler_name,
                credit_code=credit_code,
                contact_name=contact_name,
                contact_phone=contact_phone,
                contact_email=contact_email,
                address=handler_address,
                contract_signed_on=contract_signed_on,
                contract_ends_on=contract_ends_on,
            )
    return Begun(
        handler,
        *open_property(
            handler=handler,
            slug=slug,
            kind=kind,
            name=name,
            name_en=name_en,
            address=address,
            storage_mode=storage_mode,
            owner_email=owner_email,
            owner_name=owner_name,
        ),
    )


@transaction.atomic
def open_property(
    *,
    handler: Handler,
    slug: str,
    kind: PropertyKind | str,
    name: str,
    name_en: str = "",
    address: str = "",
    storage_mode: StorageMode | str = StorageMode.ON_DEVICE,
    owner_email: str,
    owner_name: str = "",
) -> tuple[Property, User]:
    """Open a property with its first owner, who then adds everybody else. Raises ValidationError."""
    refuse_staff(email=owner_email, field="owner_email")
    tenant = properties.create_property(
        handler=handler,
        slug=slug,
        kind=kind,
        name=name,
        name_en=name_en,
        address=address,
        storage_mode=storage_mode,
    )
    with _renamed(email="owner_email", name="owner_name"):
        owner = members.add_member(tenant=tenant, email=owner_email, name=owner_name, role=Role.OWNER).user
    leave()
    return tenant, owner


def refuse_staff(*, email: str, field: str) -> None:
    """Platform staff make nobody of their own a member: what they may see, they see in an emergency."""
    if User.objects.filter(email__iexact=email, is_staff=True).exists():
        raise ValidationError(
            {
                field: ValidationError(
                    _("Platform staff are no members. To look into a property, start an emergency access."),
                    code="staff",
                )
            }
        )


@contextmanager
def _renamed(**names: str) -> Iterator[None]:
    """Name the fields of an error as the caller's arguments are called."""
    try:
        yield
    except ValidationError as error:
        told = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
        raise ValidationError({names.get(field, field): errors for field, errors in told.items()}) from error
