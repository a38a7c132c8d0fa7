"""A terminal that was declared lost: one member says so with a reason, a second one confirms it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.forms.losses import LossForm
from portal.web.undo import Act, Note, offer
from portal.web.views.confirmation import ConfirmPage
from portal.web.views.devices import OneDevice
from portal.web.views.manager import ManagerForm
from recognition.edge.models import DeviceLoss
from recognition.edge.reads import work
from recognition.edge.services import losses
from tenants.organizations.roles import Permission


class DeviceLost(OneDevice, ManagerForm):
    permission = Permission.MANAGE_PREMISES
    sensitive = True
    template_name = "web/devices/lost.html"
    form_class = LossForm
    done = gettext_lazy("Declared lost. It counts as soon as a second member confirms it.")

    def perform(self, data: dict[str, Any]) -> DeviceLoss:
        return losses.declare(tenant=self.tenant, device=self.device, reason=data["reason"], actor=self.request.user)

    def undoable(self) -> str:
        return offer(tenant=self.tenant, user=self.request.user, note=Note(Act.LOSS_DECLARED, self.result.pk))


class OneLoss(OneDevice, ConfirmPage):
    """The loss of the device in the address that nobody has decided yet; when somebody has, the device's page."""

    @cached_property
    def loss(self) -> DeviceLoss | None:
        loss = losses.open_loss(device=self.device)
        return loss if loss is not None and loss.confirmed_at is None else None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(self.get_success_url()) if self.loss is None else super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(self.get_success_url()) if self.loss is None else super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(loss=self.loss, **kwargs)


class LossConfirm(OneLoss):
    permission = Permission.MANAGE_RETENTION
    sensitive = True
    label = gettext_lazy("Confirm that it is lost")
    danger = True
    done = gettext_lazy("The terminal counts as lost. Its keys are stopped.")

    def get_question(self) -> str:
        return _("Is “%(name)s” lost?") % {"name": self.device.name}

    def get_effects(self) -> list[str]:
        found = work(devices=[self.device.pk])[self.device.pk]
        count = found.held + found.deleting
        return [
            _("Declared by %(email)s: %(reason)s") % {"email": self.loss.declared_by.email, "reason": self.loss.reason},
            _("Its keys stop at once. It cannot come back without being paired, and then deletes every face first."),
            _("No erasure waits for it any more. Each certificate says that it was lost."),
            _("Faces that count as lost with it: %(count)s") % {"count": f"{count:,}"},
        ]

    def perform(self, data: dict[str, Any]) -> DeviceLoss:
        return losses.confirm(tenant=self.tenant, loss=self.loss, actor=self.request.user)


class LossTakeBack(OneLoss):
    permission = Permission.MANAGE_PREMISES
    sensitive = True
    question = gettext_lazy("Is it not lost after all?")
    label = gettext_lazy("It is not lost")
    done = gettext_lazy("Taken back. Erasures go on waiting for this terminal.")

    def get_effects(self) -> list[str]:
        return [_("Erasures go on waiting for this terminal."), _("That it was declared lost stays in the log.")]

    def perform(self, data: dict[str, Any]) -> DeviceLoss:
        return losses.take_back(tenant=self.tenant, loss=self.loss, actor=self.request.user)
