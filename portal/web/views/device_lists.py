"""Many devices at once: a table is read, shown with what is wrong in it, and only then registered; and the way back."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import View

from portal.tenancy import TenantPage
from portal.web import sheets
from portal.web.filters.devices import DeviceFilter
from portal.web.forms.devices import SheetForm
from portal.web.reads import devices as reads
from portal.web.views.manager import ManagerForm
from tenants.organizations.roles import Permission
from tenants.premises.models import Device
from tenants.premises.rules.sheets import COLUMNS, ONLY_EXPORTED
from tenants.premises.services import imports

Rows = list[tuple[int, dict[str, str]]]
HOUR = 3600
MAX_SHEET = 1_500_000  # what a form may carry, with room for its other fields
SHOWN = 200  # rows in the preview; those with errors come first


def header(*, is_chinese: bool) -> dict[str, str]:
    """Return the names of the columns by fact, in one language."""
    return {fact: names[0 if is_chinese else 1] for fact, names in (COLUMNS | ONLY_EXPORTED).items()}


class DeviceImport(ManagerForm):
    """The table travels with the preview, signed, so that nothing is kept of one that nobody confirms."""

    section = "devices"
    permission = Permission.MANAGE_PREMISES
    template_name = "web/devices/import.html"
    form_class = SheetForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "sheet" not in request.POST:
            return super().post(request, *args, **kwargs)
        try:
            rows = signing.loads(request.POST["sheet"], salt=self._salt(), max_age=HOUR)
        except signing.BadSignature:
            return self._again(_("The preview is too old. Choose the file again."))
        return self._register([(number, cells) for number, cells in rows])

    def form_valid(self, form: Form) -> HttpResponse:
        return self._preview(form.cleaned_data["file"])

    def get_success_url(self) -> str:
        return reverse("devices", args=[self.tenant.slug])

    def _register(self, rows: Rows) -> HttpResponse:
        """Register the rows that are good; what has become bad since the preview is shown again."""
        checked = imports.check_devices(tenant=self.tenant, rows=rows)
        good = [(row.number, row.cells) for row in checked if row.is_good]
        try:
            made = imports.import_devices(tenant=self.tenant, rows=good) if good else []
        except ValidationError as broken:
            return self._again(" ".join(broken.messages))
        if not made:
            return self._preview(rows)
        text = _("Registered: %(count)s. All are off; give each its credential when its terminal is set up.")
        messages.success(self.request, text % {"count": len(made)})
        return HttpResponseRedirect(self.get_success_url())

    def _preview(self, rows: Rows) -> HttpResponse:
        sheet = signing.dumps(rows, salt=self._salt(), compress=True)
        if len(sheet) > MAX_SHEET:
            return self._again(_("The file is too large (2 MB)."))
        checked = imports.check_devices(tenant=self.tenant, rows=rows)
        names = header(is_chinese=(get_language() or "").startswith("zh"))
        for row in checked:
            row.says = [{"column": names[fact], "text": text} for fact, text in row.errors]
        good = sum(row.is_good for row in checked)
        context = self.get_context_data(
            rows=sorted(checked, key=lambda row: row.is_good)[:SHOWN],
            total=len(checked),
            good=good,
            bad=len(checked) - good,
            sheet=sheet,
        )
        return TemplateResponse(self.request, "web/devices/import_preview.html", context)

    def _again(self, sentence: str) -> HttpResponse:
        messages.error(self.request, sentence)
        return HttpResponseRedirect(self.request.path)

    def _salt(self) -> str:
        return f"devices:{self.tenant.pk}:{self.request.user.pk}"


class DeviceExport(TenantPage, View):
    """The list of devices as a table, filtered as the list is. `?empty` gives the header alone, to fill in."""

    permission = Permission.VIEW_PREMISES
    http_method_names = ["get"]

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        names = header(is_chinese=(get_language() or "").startswith("zh"))
        if "empty" in request.GET:
            return sheets.answer("devices", [names[fact] for fact in COLUMNS], [])
        rows = DeviceFilter(request.GET, queryset=reads.listed(self.tenant), tenant=self.tenant).qs
        return sheets.answer("devices", list(names.values()), (self._cells(device) for device in rows))

    def _cells(self, device: Device) -> list[Any]:
        said = {
            "door": device.access_point.name,
            "mode": device.get_mode_display(),
            "purpose": device.get_purpose_display(),
            "passersby": device.get_passersby_display(),
            "zone": device.access_point.zone.path,
            "state": device.get_state_display(),
            "number": str(device.pk),
        }
        values = (said[fact] if fact in said else getattr(device, fact) for fact in COLUMNS | ONLY_EXPORTED)
        return ["" if value is None else value for value in values]
