"""Devices: the list, one device with what blocks it, and the buttons that ask the gate."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from portal.tenancy import TenantPage
from portal.web.filters.devices import DeviceFilter
from portal.web.forms.devices import DeviceForm
from portal.web.listings.devices import DEVICES
from portal.web.qr import qr_svg
from portal.web.reads import checks as check_rows
from portal.web.reads import connections, terminals
from portal.web.reads import devices as reads
from portal.web.undo import Act, Note, offer
from portal.web.views.confirmation import ConfirmPage
from portal.web.views.effects import say_effects
from portal.web.views.lists import ListedPage
from portal.web.views.manager import ManagerForm, ManagerMixin, ManagerPage, press
from recognition.edge.reads import work as work_of
from recognition.edge.services import keys, losses
from tenants.clearance.checks import blockers, dues
from tenants.clearance.services import activate_device, check_device
from tenants.organizations.kinds import StorageMode
from tenants.organizations.roles import Permission
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device
from tenants.premises.services import devices
from tenants.premises.services.effects import watching


class DeviceList(ListedPage):
    listing = DEVICES
    permission = Permission.VIEW_PREMISES
    section = "devices"
    template_name = "web/devices/list.html"

    def get_queryset(self) -> Any:
        self.filterset = DeviceFilter(self.request.GET, queryset=self.get_rows(), tenant=self.tenant)
        return self.filterset.qs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        work = work_of(devices=[device.pk for device in context["object_list"]])
        for device in context["object_list"]:
            device.work = work[device.pk]
            device.tone = reads.STATE_TONES[DeviceState(device.state)]
        return context


class PairingShown(ManagerForm):
    """Answers with the pairing code itself, once: not in the session, not in an address, not in any cache."""

    section = "devices"

    def form_valid(self, form: Form) -> HttpResponse:
        if not self.carry_out(form):
            return self.form_invalid(form)
        device, code = self.result
        context = self.get_context_data(form=form, device=device, pairing_code=code)
        context["qr"] = qr_svg(code, label=_("QR code for pairing"))
        context["valid_until"] = device.pairing_expires_at
        context["portal_url"] = self.request.build_absolute_uri("/").rstrip("/")
        response = TemplateResponse(self.request, "web/devices/pairing.html", context)
        response["Cache-Control"] = "no-store"
        return response


@contextmanager
def beside_the_door() -> Iterator[None]:
    """Let the refusal of a private place stand beside the field that chose it."""
    try:
        yield
    except ValidationError as broken:
        if getattr(broken, "code", "") == "private_place":
            raise ValidationError({"access_point": broken}) from broken
        raise


class DeviceAdd(PairingShown):
    permission = Permission.MANAGE_PREMISES
    template_name = "web/devices/form.html"
    form_class = DeviceForm

    def get_initial(self) -> dict[str, Any]:
        return {"access_point": self.request.GET.get("door", "")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"tenant": self.tenant}

    def perform(self, data: dict[str, Any]) -> tuple[Device, str]:
        with beside_the_door():
            return devices.register(tenant=self.tenant, **data)


class OneDevice(ManagerMixin):
    """A page about the device that the address names."""

    section = "devices"

    @cached_property
    def device(self) -> Device:
        return get_object_or_404(reads.devices(self.tenant), pk=self.kwargs["pk"])

    def get_success_url(self) -> str:
        return reverse("device", args=[self.tenant.slug, self.device.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("device", self.device)
        return super().get_context_data(**kwargs)


class DevicePage(OneDevice, ManagerPage):
    permission = Permission.VIEW_PREMISES
    template_name = "web/devices/device.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        device = self.device
        checks = check_device(device)
        blocked = blockers(checks)
        return super().get_context_data(
            checks=check_rows.device_rows(tenant=self.tenant, device=device, checks=checks),
            blocked=len(blocked),
            score=f"{sum(check.holds for check in checks)} / {len(checks)}",
            score_tone="stop" if blocked else "due" if dues(checks) else "ok",
            tone=reads.STATE_TONES[DeviceState(device.state)],
            **terminals.work(device),
            faults=reads.report(device),
            connection=connections.connection(device),
            loss=losses.open_loss(device=device),
            **kwargs,
        )


class DeviceAction(TenantPage, View):
    """One press, one service; what comes of it is said on the device's page."""

    permission = Permission.MANAGE_PREMISES
    http_method_names = ["post"]
    done: Any = ""
    undo: Act | None = None

    def perform(self, device: Device) -> None:
        raise NotImplementedError

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        device = get_object_or_404(Device, tenant=self.tenant, pk=kwargs["pk"])
        if press(request, lambda: self.perform(device)):
            note = Note(self.undo, device.pk) if self.undo else None
            taken_back = offer(tenant=self.tenant, user=request.user, note=note) if note else ""
            messages.success(request, self.done, extra_tags=taken_back)
        return redirect("device", self.tenant.slug, device.pk)


class DeviceActivate(DeviceAction):
    """Asks the gate. Refused, every blocker is said, and stands on the page with its article."""

    done = gettext_lazy("The device is active.")

    def perform(self, device: Device) -> None:
        activate_device(tenant=self.tenant, device=device)


class DeviceSuspend(DeviceAction):
    undo = Act.DEVICE_SUSPENDED
    done = gettext_lazy("The device was suspended. It opens for no face until it is activated again.")

    def perform(self, device: Device) -> None:
        devices.suspend(tenant=self.tenant, device=device)


class DeviceRetire(OneDevice, ConfirmPage):
    permission = Permission.MANAGE_PREMISES
    label = gettext_lazy("Retire the device")
    warning = gettext_lazy("A retired device never comes back. To use it again, register it anew.")
    danger = True
    done = gettext_lazy("The device was retired.")

    def get_question(self) -> str:
        return _("Retire “%(name)s” for good?") % {"name": self.device.name}

    def get_effects(self) -> list[str]:
        return [
            _("It uses no face any more, at once."),
            _("Its terminal deletes the faces that it holds."),
            _("Its record stays as evidence."),
        ]

    def perform(self, data: dict[str, Any]) -> None:
        with watching(tenant=self.tenant) as effects:
            devices.retire(tenant=self.tenant, device=self.device)
        say_effects(self.request, self.tenant, effects)


class DevicePairing(OneDevice, PairingShown, ConfirmPage):
    permission = Permission.MANAGE_PREMISES
    sensitive = True
    label = gettext_lazy("Show a pairing code")

    def get_question(self) -> str:
        question = _("Pair “%(name)s” again?") if self._was_paired() else _("Pair “%(name)s”?")
        return question % {"name": self.device.name}

    def get_effects(self) -> list[str]:
        effects = [_("A new code is shown once. It is good once, for one hour.")]
        if self._was_paired():
            effects.append(_("When the terminal uses it, its earlier keys stop at once."))
            effects.append(self._what_becomes_of_faces())
        return effects

    def _was_paired(self) -> bool:
        return self.device.pairing_used_at is not None or keys.living_key(device=self.device) is not None

    def _what_becomes_of_faces(self) -> str:
        if self.tenant.storage_mode == StorageMode.PORTAL:
            return _("The terminal deletes its faces and is given them anew. Nobody has to come again.")
        return _("The terminal deletes its faces. Everybody has to have their face taken there again: %(held)s") % {
            "held": work_of(devices=[self.device.pk])[self.device.pk].held
        }

    def perform(self, data: dict[str, Any]) -> tuple[Device, str]:
        code = devices.issue_pairing_code(tenant=self.tenant, device=self.device)
        self.device.refresh_from_db(fields=["pairing_expires_at"])
        return self.device, code


class DeviceKeys(DeviceAction):
    """Ask the terminal to make new keys: it does so with its next order."""

    sensitive = True
    done = gettext_lazy("The terminal is asked to make new keys.")

    def perform(self, device: Device) -> None:
        keys.ask_for_new(tenant=self.tenant, device=device)
