"""`manage.py list_handlers`: the handlers, their contracts and how many properties each has."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.utils import timezone

from portal.operations.command import ServiceCommand
from tenants.organizations.models import Handler


class Command(ServiceCommand):
    help = "Lists handlers with their contracts."

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--ending-in-days", type=int, help="Only contracts that end within so many days, or ended.")

    def perform(self, *, ending_in_days: int | None, **_options: Any) -> list[dict[str, Any]]:
        rows = Handler.objects.annotate(houses=Count("properties")).order_by("name")
        if ending_in_days is not None:
            rows = rows.filter(contract_ends_on__lte=timezone.localdate() + timedelta(days=ending_in_days))
        return [
            {
                "credit_code": row.credit_code,
                "name": row.name,
                "contract_signed_on": row.contract_signed_on,
                "contract_ends_on": row.contract_ends_on,
                "properties": row.houses,
            }
            for row in rows
        ]
