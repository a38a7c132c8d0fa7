"""Many devices at once, from a table."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from portal.tenancy import TenantPage
from portal.web import sheets
from portal.web.imports import IMPORTS
from portal.web.views.sheet_imports import SheetImport, header
from tenants.organizations.roles import Permission
from tenants.premises.rules.sheets import DEVICES


class DeviceImport(SheetImport):
    section = "devices"
    permission = Permission.MANAGE_PREMISES
    template_name = "web/devices/import.html"
    preview_template = "web/devices/import_preview.html"
    imported = IMPORTS["devices"]
    shown = ("name", "door")
    registered = _("Registered: %(count)s. All are off; pair each when its terminal is set up.")

    def get_success_url(self) -> str:
        return reverse("devices", args=[self.tenant.slug])


class DeviceTable(TenantPage, View):
    """An empty table to fill in: the names of the columns."""

    permission = Permission.MANAGE_PREMISES
    http_method_names = ["get"]

    def get(self, _request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return sheets.answer("devices", list(header(DEVICES).values()), [])
