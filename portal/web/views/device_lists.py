"""Many devices at once: a table comes in, and the way back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from portal.reading import note_read
from portal.tenancy import TenantPage
from portal.web import sheets
from portal.web.filters.devices import DeviceFilter
from portal.web.reads import devices as reads
from portal.web.views.sheet_imports import SheetImport, header
from tenants.organizations.roles import Permission
from tenants.organizations.sheets import CheckedRow, Rows
from tenants.organizations.trail import Kind
from tenants.premises.models import Device
from tenants.premises.rules.sheets import DEVICES
from tenants.premises.services import imports


class DeviceImport(SheetImport):
    section = "devices"
    permission = Permission.MANAGE_PREMISES
    template_name = "web/devices/import.html"
    preview_template = "web/devices/import_preview.html"
    sheet = DEVICES
    shown = ("name", "door")
    registered = _("Registered: %(count)s. All are off; pair each when its terminal is set up.")

    def check(self, rows: Rows) -> list[CheckedRow]:
        return imports.check_devices(tenant=self.tenant, rows=rows)

    def register(self, rows: Rows) -> int:
        return len(imports.import_devices(tenant=self.tenant, rows=rows))

    def get_success_url(self) -> str:
        return reverse("devices", args=[self.tenant.slug])


class DeviceExport(TenantPage, View):
    """The list of devices as a table, filtered as the list is. `?empty` gives the header alone, to fill in."""

    permission = Permission.VIEW_PREMISES
    sensitive = True
    http_method_names = ["get"]

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        if "empty" in request.GET:
            return sheets.answer("devices", list(header(DEVICES).values()), [])
        rows = DeviceFilter(request.GET, queryset=reads.listed(self.tenant), tenant=self.tenant).qs
        names = header(DEVICES, exports=True)
        note_read(Kind.EXPORTED, user=request.user, tenant=self.tenant, what="devices")
        return sheets.answer("devices", list(names.values()), (self._cells(device, names) for device in rows))

    def _cells(self, device: Device, names: dict[str, str]) -> list[Any]:
        said = {
            "door": device.access_point.path,
            "mode": device.get_mode_display(),
            "purpose": device.get_purpose_display(),
            "passersby": device.get_passersby_display(),
            "zone": device.access_point.zone.path,
            "state": device.get_state_display(),
            "number": str(device.pk),
        }
        values = (said[fact] if fact in said else getattr(device, fact) for fact in names)
        return ["" if value is None else value for value in values]
