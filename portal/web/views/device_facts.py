"""What is known of a device, and the photo of its sign."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.generic import View

from portal.tenancy import TenantPage
from portal.web.forms.devices import DeviceFactsForm, SignForm
from portal.web.views.devices import OneDevice, beside_the_door
from portal.web.views.effects import ConfirmsStops, say_effects
from portal.web.views.manager import ManagerForm
from tenants.organizations.roles import Permission
from tenants.premises.models import DeviceSign
from tenants.premises.services import devices
from tenants.premises.services.effects import watching


class DeviceEdit(OneDevice, ConfirmsStops):
    """A change of what was assessed stops every face of the property, so it asks first (Measures Art 9)."""

    permission = Permission.MANAGE_PREMISES
    template_name = "web/devices/edit.html"
    form_class = DeviceFactsForm
    done = gettext_lazy("The device was changed.")
    question = gettext_lazy("Change this although faces stop?")
    label = gettext_lazy("Change the device; faces stop")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"tenant": self.tenant}

    def get_initial(self) -> dict[str, Any]:
        facts = {name: getattr(self.device, name) for name in devices.FACTS}
        return facts | {"access_point": self.device.access_point_id}

    def change(self, data: dict[str, Any]) -> None:
        with beside_the_door():
            devices.update(tenant=self.tenant, device=self.device, **data)


class SignRecord(OneDevice, ManagerForm):
    permission = Permission.MANAGE_PREMISES
    template_name = "web/devices/sign.html"
    form_class = SignForm
    done = gettext_lazy("The photo of the sign was recorded.")

    def get_initial(self) -> dict[str, Any]:
        return {"taken_on": timezone.localdate()}

    def perform(self, data: dict[str, Any]) -> DeviceSign:
        with watching(tenant=self.tenant) as effects:
            sign = devices.record_sign(tenant=self.tenant, device=self.device, **data)
        say_effects(self.request, self.tenant, effects)
        return sign


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
