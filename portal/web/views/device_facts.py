"""What is known of a device, and the photo of its sign."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from portal.tenancy import TenantPage
from portal.web.forms.devices import DeviceFactsForm, SignForm
from portal.web.views.confirmation import ConfirmsEffects
from portal.web.views.devices import OneDevice
from portal.web.views.manager import ManagerForm
from tenants.organizations.roles import Permission
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device, DeviceSign
from tenants.premises.services import devices


class DeviceEdit(OneDevice, ConfirmsEffects):
    """A change of what was assessed stops an active device, so it asks first (Measures Art 9)."""

    permission = Permission.MANAGE_PREMISES
    template_name = "web/devices/edit.html"
    form_class = DeviceFactsForm
    done = gettext_lazy("The device was changed.")
    question = gettext_lazy("Change what was assessed?")
    label = gettext_lazy("Change the device and suspend it")
    warning = gettext_lazy("The assessment and the notice must cover the change before it can be switched on again.")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.device, name) for name in DeviceFactsForm.base_fields}

    def get_effects(self, data: dict[str, Any]) -> list[str]:
        device = self.device
        if device.state != DeviceState.ACTIVE or all(data[name] == getattr(device, name) for name in devices.ASSESSED):
            return []
        return [_("“%(device)s” stops using faces at once.") % {"device": device.name}]

    def perform(self, data: dict[str, Any]) -> Device:
        return devices.update(tenant=self.tenant, device=self.device, **data)


class SignRecord(OneDevice, ManagerForm):
    permission = Permission.MANAGE_PREMISES
    template_name = "web/devices/sign.html"
    form_class = SignForm
    done = gettext_lazy("The photo of the sign was recorded.")

    def get_initial(self) -> dict[str, Any]:
        return {"taken_on": timezone.localdate()}

    def perform(self, data: dict[str, Any]) -> DeviceSign:
        return devices.record_sign(tenant=self.tenant, device=self.device, **data)


class SignPicture(TenantPage, View):
    """The newest photo of the sign, as the bytes that were written anew when it came."""

    permission = Permission.VIEW_PREMISES
    http_method_names = ["get"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        sign = DeviceSign.objects.filter(tenant=self.tenant, device_id=kwargs["pk"]).first()
        if sign is None:
            raise Http404
        return HttpResponse(
            bytes(sign.picture),
            content_type="image/jpeg",
            headers={"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"},
        )
