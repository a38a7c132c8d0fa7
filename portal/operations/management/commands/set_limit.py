"""`manage.py set_limit`: how much a property, or each property of a handler, may use."""

from argparse import ArgumentParser
from typing import Any

from portal.operations.command import ServiceCommand, handler_of, property_of
from tenants.organizations.limits import LIMITS
from tenants.organizations.models import Handler, Property
from tenants.organizations.services import properties


class Command(ServiceCommand):
    help = "Sets limits of a property, or of each property of a handler. 0 takes a limit away."

    def arguments(self, parser: ArgumentParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--handler", help="A credit code: holds for each of its properties.")
        whose.add_argument("--property", help="An address name: comes before its handler's.")
        parser.add_argument("--devices", type=int, dest="max_devices", help="Most devices.")
        parser.add_argument("--people", type=int, dest="max_people", help="Most people.")
        parser.add_argument("--photos", type=int, dest="max_photos", help="Most photos in one batch.")
        parser.add_argument("--requests", type=int, dest="max_requests", help="Most API requests in a minute.")

    def perform(self, *, handler: str | None, property: str | None, **limits: int | None) -> dict[str, Any]:
        said = {name: limit or None for name, limit in limits.items() if limit is not None}
        row: Handler | Property
        if handler:
            row = properties.set_limits(of=handler_of(handler), **said)
        else:
            row = properties.set_limits(of=property_of(property or ""), **said)
        return {"of": str(row)} | {name: getattr(row, name) for name in LIMITS}
