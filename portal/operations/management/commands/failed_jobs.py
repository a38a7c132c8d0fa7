"""`manage.py failed_jobs`: tasks that failed for good; sent again, or forgotten."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError

from portal.operations import failures
from portal.operations.command import ServiceCommand
from portal.operations.models import FailedTask


class Command(ServiceCommand):
    help = "Lists failed tasks of the last month; --retry sends one again by its ids, --forget takes it off the list."

    def arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--retry", type=UUID, metavar="ID")
        what.add_argument("--forget", type=UUID, metavar="ID")
        what.add_argument("--all", action="store_true", help="Also those that were sent again.")

    def perform(self, *, retry: UUID | None, forget: UUID | None, all: bool, **_options: Any) -> list[dict[str, Any]]:
        if retry:
            return [_told(failures.retry(failed=_found(retry), actor=None))]
        if forget:
            failed = _found(forget)
            failures.forget(failed=failed)
            return [_told(failed) | {"forgotten": True}]
        rows = FailedTask.objects.order_by("-at")
        return [_told(row) for row in (rows if all else rows.filter(retried_at=None))]


def _found(pk: UUID) -> FailedTask:
    failed = FailedTask.objects.filter(pk=pk).first()
    if failed is None:
        raise CommandError(f"There is no failed task {pk}. `failed_jobs --all` shows them.")
    return failed


def _told(row: FailedTask) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "task": row.task,
        "error": row.error,
        "ids": row.ids,
        "at": row.at.isoformat(),
        "retried_at": row.retried_at.isoformat() if row.retried_at else None,
        "may_retry": failures.may_retry(row),
    }
