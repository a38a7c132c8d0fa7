"""Separation of duties: what one member began, another one completes."""

import uuid
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tenants.organizations.models import Membership, Property, User
from tenants.organizations.roles import SHARED_ACTS, SharedAct, roles_with


def require_other_member(
    *,
    tenant: Property,
    actor: User,
    began: Collection[uuid.UUID],
    act: SharedAct,
    refusal: str | Promise,
    code: str = "same_member",
) -> None:
    """Refuse whoever began the act; `began` are the ids of those users, `refusal` says what they may not do.

    Raises ValidationError, which adds who may do it instead, or that a second member is missing.
    """
    if actor.pk in began:
        raise ValidationError(f"{refusal} {_advice(tenant, began, act)}", code=code)


def others_who_may_complete(*, tenant: Property, act: SharedAct, began: Collection[uuid.UUID]) -> list[Membership]:
    """Return the members who may complete what these users began, in the order in which they joined."""
    roles = roles_with(SHARED_ACTS[act].completes)
    rows = Membership.objects.filter(tenant=tenant, is_active=True, user__is_active=True, role__in=roles)
    return list(rows.exclude(user__in=began).select_related("user"))


def _advice(tenant: Property, began: Collection[uuid.UUID], act: SharedAct) -> str:
    if others_who_may_complete(tenant=tenant, act=act, began=began):
        return _("Another member may: %(roles)s.") % {"roles": _names(act)}
    missing = _("Nobody else here may yet: an owner first adds a second member under “Members” (%(roles)s).")
    return missing % {"roles": _names(act)}


def _names(act: SharedAct) -> str:
    return " / ".join(str(role.label) for role in roles_with(SHARED_ACTS[act].completes))
