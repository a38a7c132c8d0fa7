"""How much room the data takes, how much is left, and when the last backup was made."""

import shutil
from datetime import datetime, timedelta
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.security.models import AccessEvent
from tenants.organizations.trail import Kind

OLD_BACKUP = timedelta(days=2)
LITTLE_BYTES = 5_000_000_000
_SIZES = """SELECT relname, pg_total_relation_size(oid) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"""


class Group(NamedTuple):
    """The tables of one room of the portal, in bytes."""

    name: str
    bytes: int


def groups() -> list[Group]:
    """Return what each room's tables take with their indexes, the largest first. One query."""
    # A package that knows its name in English only is one of many.
    known = [config for config in apps.get_app_configs() if isinstance(config.verbose_name, Promise)]
    labels = {config.label: str(config.verbose_name) for config in known}
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SIZES)
        for table, size in cursor.fetchall():
            name = labels.get(table.partition("_")[0], _("Django and its packages"))
            found[name] = found.get(name, 0) + int(size)
    return [Group(name, size) for name, size in sorted(found.items(), key=lambda pair: -pair[1])]


def free_bytes() -> int:
    """Return what is left on the disk that keeps the ledger of erasures; the database may be on another machine."""
    place = settings.LEDGER_DIR
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free


def last_backup() -> datetime | None:
    """Return when `manage.py backup` ran last; backups made by other means are not known here."""
    rows = AccessEvent.objects.filter(tenant__isnull=True, kind=Kind.EXPORTED, actor="command:backup")
    return rows.order_by("-at").values_list("at", flat=True).first()
