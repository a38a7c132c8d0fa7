"""Accounts that are made outside the invitation by mail: the first platform admin, the demonstration."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import User


@transaction.atomic
def create_account(*, email: str, password: str, name: str = "", is_platform_staff: bool = False) -> User:
    """Make an account that can sign in at once. Raises ValidationError when the address is taken."""
    if User.objects.filter(email__iexact=email).exists():
        raise ValidationError(
            {"email": ValidationError(_("There is already an account of this address."), code="taken")}
        )
    if is_platform_staff:
        return User.objects.create_superuser(email, password, name=name)
    return User.objects.create_user(email, password, name=name)
