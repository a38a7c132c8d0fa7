"""`manage.py invite_owner`: send an owner the letter that sets the first password, again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from portal.operations.command import ServiceCommand, property_of
from portal.sign_in import invitations
from tenants.organizations.models import Membership
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant


class Command(ServiceCommand):
    help = "Sends an owner of a property the invitation again. The older link ends."

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--property", required=True, help="The property's address name.")
        parser.add_argument("--email", required=True)

    def perform(self, *, property: str, email: str, **_options: Any) -> dict[str, Any]:
        tenant = property_of(property)
        enter_tenant(tenant.pk)
        owners = Membership.objects.filter(tenant=tenant, role=Role.OWNER, is_active=True, user__email__iexact=email)
        owner = owners.select_related("user").first()
        if owner is None:
            raise CommandError(f"{email} is no owner of {property}. An owner there can add them under “Members”.")
        was_sent = invitations.send(None, user=owner.user)
        return {"property": tenant.slug, "owner": owner.user.email, "invitation_sent": was_sent}

    def judge(self, told: Any) -> None:
        if not told["invitation_sent"]:
            raise CommandError("The mail server did not take the letter. Look at EMAIL_URL and at its log.")
