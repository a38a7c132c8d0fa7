"""`manage.py create_property`: open a property with its first owner, who gets a letter."""

from argparse import ArgumentParser
from typing import Any

from portal.operations import onboarding
from portal.operations.command import ServiceCommand, handler_of
from portal.sign_in import invitations
from tenants.organizations.kinds import PropertyKind, StorageMode


class Command(ServiceCommand):
    help = "Opens a property of a handler, names its first owner, and sends the owner an invitation."

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--handler", required=True, help="The handler's unified social credit code.")
        parser.add_argument("--slug", required=True, help="Stands in its addresses, such as west-lake.")
        parser.add_argument("--kind", required=True, choices=PropertyKind.values)
        parser.add_argument("--name", required=True, help="The Chinese name.")
        parser.add_argument("--name-en", default="", help="The English name.")
        parser.add_argument("--address", default="")
        parser.add_argument("--storage-mode", choices=StorageMode.values, default=StorageMode.ON_DEVICE.value)
        parser.add_argument("--owner-email", required=True)
        parser.add_argument("--owner-name", default="")
        parser.add_argument("--no-letter", action="store_true", help="Send none now; `invite_owner` sends one later.")

    def perform(self, *, handler: str, no_letter: bool, **fields: Any) -> dict[str, Any]:
        tenant, owner = onboarding.open_property(handler=handler_of(handler), **fields)
        was_sent = False
        if not no_letter and not owner.has_usable_password():
            was_sent = invitations.send(None, user=owner)
        return {
            "id": str(tenant.pk),
            "slug": tenant.slug,
            "name": tenant.name,
            "owner": owner.email,
            "invitation_sent": was_sent,
        }
