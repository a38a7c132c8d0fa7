"""Accounts after they were made: the invitation, and what platform staff may change about one."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Membership, Property, User
from tenants.organizations.roles import Role
from tenants.organizations.services.members import hold_owners


@transaction.atomic
def update_user(*, user: User, actor: User, name: str, is_active: bool, is_staff: bool) -> User:
    """Change a name, close or reopen an account, make platform staff. A closed account is out at once.

    Raises ValidationError for one's own rights, so that nobody locks the last door behind themselves, for the
    last owner of a property, and when somebody who is not a superuser changes who is platform staff.
    """
    if not is_active:
        _require_another_owner(user)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.pk == actor.pk and (not is_active or is_staff != user.is_staff):
        raise ValidationError(_("You cannot take your own rights. Ask somebody else."), code="own_rights")
    if is_staff != user.is_staff and not actor.is_superuser:
        raise ValidationError(
            {"is_staff": ValidationError(_("Only a superuser names platform staff."), code="not_superuser")}
        )
    if user.is_superuser and not actor.is_superuser:
        raise ValidationError(_("Only a superuser changes a superuser."), code="not_superuser")
    user.name, user.is_active, user.is_staff = name, is_active, is_staff
    user.full_clean(exclude=["password"])
    user.save()
    return user


@transaction.atomic
def invite(*, user: User) -> User:
    """Begin an invitation, which ends an older one. Raises ValidationError for who has a password already."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.has_usable_password():
        raise ValidationError(_("This person signs in already and needs no invitation."), code="not_invited")
    user.invited_at = timezone.now()
    user.save(update_fields=["invited_at"])
    return user


@transaction.atomic
def accept_invitation(*, user: User, password: str) -> bool:
    """Set the first password, and say whether it was the first: of two at once one comes too late."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.has_usable_password() or not user.is_active:
        return False
    user.set_password(password)
    user.invited_at = None
    user.save(update_fields=["password", "invited_at"])
    return True


def _require_another_owner(user: User) -> None:
    """Refuse to close the account of the last owner of a property: nobody could add another one there."""
    owned = Membership.objects.filter(user=user, role=Role.OWNER, is_active=True).values_list("tenant_id", flat=True)
    tenant_ids = set(owned)
    kept = {owner.tenant_id for owner in hold_owners(tenant_ids=tenant_ids) if owner.user_id != user.pk}
    alone = Property.objects.filter(pk__in=tenant_ids - kept).order_by("name")
    if alone:
        names = ", ".join(tenant.display_name for tenant in alone)
        raise ValidationError(
            {
                "is_active": ValidationError(
                    _("This is the last owner of %(names)s. Make somebody else owner there first."),
                    code="last_owner",
                    params={"names": names},
                )
            }
        )


@transaction.atomic
def forget_password(*, user: User, actor: User) -> User:
    """Take the password off an account whose second factor was lost: it begins again as one that was only invited.

    Raises ValidationError for one's own account, and for a superuser's when the actor is none.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.pk == actor.pk:
        raise ValidationError(_("Not for your own account. Ask somebody else."), code="own_account")
    if user.is_superuser and not actor.is_superuser:
        raise ValidationError(_("Only a superuser changes a superuser."), code="not_superuser")
    user.set_unusable_password()
    user.save(update_fields=["password"])
    return user
