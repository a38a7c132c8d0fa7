"""What stands where on the platform's start page and in its side bar."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from allauth.socialaccount.models import SocialApp
from auditlog.models import LogEntry
from django.db.models import Model
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.operations.models import Announcement, FailedTask
from portal.security.models import AccessEvent, Alert
from tenants.organizations.models import EmergencyAccess, Handler, Membership, Property, User


class Entry(NamedTuple):
    """One line: a table's page, or an address of ours by its name; what it is for, in a sentence."""

    page: type[Model] | str
    name: str | Promise
    told: str | Promise


MENU: list[tuple[str, str | Promise, list[Entry]]] = [
    (
        "handlers",
        _("Handlers and properties"),
        [
            Entry("start", _("Set up a handler"), _("Contract, first property and first owner on one page")),
            Entry(Handler, _("Handlers and contracts"), _("Who decides, until when the contract runs, limits")),
            Entry(Property, _("Properties"), _("Compounds and hotels, their limits")),
            Entry(Membership, _("Members of properties"), _("Who works where, in which role")),
            Entry(SocialApp, _("Directories"), _("Where a handler's people sign in with their own directory")),
        ],
    ),
    (
        "running",
        _("Running"),
        [
            Entry("health", _("Health"), _("Queues, workers, schedule, storage, models, backups")),
            Entry(FailedTask, _("Failed tasks"), _("Look, send again, forget")),
            Entry("versions", _("Versions of models and keys"), _("Which are in use, in numbers only")),
            Entry(Announcement, _("Announcements"), _("A sentence on every page of the members")),
        ],
    ),
    (
        "people",
        _("People of the platform"),
        [
            Entry(User, _("Accounts"), _("Close, reopen, name platform staff, lost second factor")),
            Entry(
                EmergencyAccess, _("Emergency access"), _("Look into one property for some hours; its owners are told")
            ),
        ],
    ),
    (
        "logs",
        _("Logs and alerts"),
        [
            Entry(Alert, _("Alerts about the platform"), _("What a rule found, and what was done")),
            Entry(LogEntry, _("Log of changes"), _("Who changed what about handlers, properties and members")),
            Entry(AccessEvent, _("Log of access"), _("Signing in, refusals, what staff looked at")),
        ],
    ),
]


def title_of(model: type[Model]) -> str:
    """Return what a table's page is called; the package that brought the table may call it something else."""
    named = next((entry.name for _key, _title, entries in MENU for entry in entries if entry.page is model), None)
    return str(named or model._meta.verbose_name_plural)


def groups(found: Mapping[type[Model], dict[str, Any]], site: str) -> list[dict[str, Any]]:
    """Return the groups in the form of Django's list of apps; `found` are the tables whose page may be opened."""
    index = reverse("admin:index", current_app=site)
    rows = []
    for key, title, entries in MENU:
        lines = [line for entry in entries if (line := _line(entry, found, site))]
        rows.append(
            {"name": title, "app_label": key, "app_url": f"{index}#{key}", "has_module_perms": True, "models": lines}
        )
    return rows


def _line(entry: Entry, found: Mapping[type[Model], dict[str, Any]], site: str) -> dict[str, Any] | None:
    said = {"name": entry.name, "told": entry.told}
    if isinstance(entry.page, str):
        address = reverse(f"admin:{entry.page}", current_app=site)
        return said | {"object_name": entry.page, "admin_url": address, "add_url": None, "view_only": True}
    return found[entry.page] | said if entry.page in found else None
