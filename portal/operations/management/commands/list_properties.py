"""`manage.py list_properties`: the properties, or those of one handler."""

from argparse import ArgumentParser
from typing import Any

from portal.operations.command import ServiceCommand, handler_of
from tenants.organizations.models import Property


class Command(ServiceCommand):
    help = "Lists properties."

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--handler", help="Only those of the handler with this credit code.")

    def perform(self, *, handler: str | None, **_options: Any) -> list[dict[str, Any]]:
        rows = Property.objects.select_related("handler").order_by("slug")
        if handler:
            rows = rows.filter(handler=handler_of(handler))
        return [
            {
                "slug": row.slug,
                "name": row.name,
                "kind": row.kind,
                "handler": row.handler.credit_code,
                "storage_mode": row.storage_mode,
            }
            for row in rows
        ]
