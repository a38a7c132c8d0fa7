"""Accounts after they were made: what platform staff may change about one."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import User


@transaction.atomic
def update_user(*, user: User, actor: User, name: str, is_active: bool, is_staff: bool) -> User:
    """Change a name, close or reopen an account, make platform staff. A closed account is out at once.

    Raises ValidationError for one's own rights, so that nobody locks the last door behind themselves, and
    when somebody who is not a superuser changes who is platform staff.
    """
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
