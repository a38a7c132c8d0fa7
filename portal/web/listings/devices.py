"""Devices as a list. The file has the columns that an import reads, so that it can come in again."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from portal.web.filters.devices import DeviceFilter
from portal.web.listings.listing import Column, Listing
from portal.web.reads.devices import listed
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission
from tenants.organizations.sheets import called
from tenants.premises.models import Device
from tenants.premises.rules.sheets import DEVICES as SHEET

_SAID: dict[str, Any] = {
    "door": lambda device: device.access_point.path,
    "mode": lambda device: device.get_mode_display(),
    "purpose": lambda device: device.get_purpose_display(),
    "passersby": lambda device: device.get_passersby_display(),
    "zone": lambda device: device.access_point.zone.path,
    "state": lambda device: device.get_state_display(),
    "number": lambda device: str(device.pk),
}
_ON_PAGE = {"name", "door", "mode", "state", "last_seen_at"}


class _Named:
    """A column's name in the reader's language, as the import knows it."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def __str__(self) -> str:
        return called(self.names)


def _column(fact: str, names: tuple[str, ...]) -> Column:
    return Column(
        fact,
        lazystr(_Named(names)),
        _SAID.get(fact) or (lambda device: getattr(device, fact)),
        on_page=fact in _ON_PAGE,
        is_kept=fact == "name",
    )


def _rows(tenant: Property, _actor: User) -> QuerySet[Device]:
    return listed(tenant)


def _narrow(rows: QuerySet[Any], query: QueryDict, tenant: Property, _actor: User) -> QuerySet[Any]:
    return DeviceFilter(query, queryset=rows, tenant=tenant).qs


DEVICES = Listing(
    name="devices",
    title=_("Devices"),
    permission=Permission.VIEW_PREMISES,
    columns=tuple(_column(fact, names) for fact, names in {**SHEET.columns, **SHEET.only_exported}.items()),
    rows=_rows,
    narrow=_narrow,
)
