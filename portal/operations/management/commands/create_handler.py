"""`manage.py create_handler`: register a legal entity and its processing contract."""

from argparse import ArgumentParser
from typing import Any

from portal.operations.command import ServiceCommand, a_day
from tenants.organizations.services import properties


class Command(ServiceCommand):
    help = "Registers a handler: the legal entity that decides purpose and method, with its processing contract."

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="The registered name.")
        parser.add_argument("--credit-code", required=True, help="Unified social credit code, 18 characters.")
        parser.add_argument("--contact-name", required=True)
        parser.add_argument("--contact-phone", required=True)
        parser.add_argument("--contact-email", default="")
        parser.add_argument("--address", default="")
        parser.add_argument("--contract-signed-on", type=a_day, help="Without it no device can be switched on.")
        parser.add_argument("--contract-ends-on", type=a_day)

    def perform(self, **fields: Any) -> dict[str, Any]:
        handler = properties.create_handler(**fields)
        return {"id": str(handler.pk), "name": handler.name, "credit_code": handler.credit_code}
