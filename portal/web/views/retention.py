"""Retention: two clocks, and what a shorter one erases before it is saved (Measures Art 8)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.forms.retention import RetentionForm
from portal.web.reads.retention import faces
from portal.web.views.confirmation import ConfirmsEffects
from tenants.organizations.models import Property
from tenants.organizations.roles import Permission
from tenants.organizations.services.properties import set_retention


class Retention(ConfirmsEffects):
    permission = Permission.VIEW_RETENTION
    permission_write = Permission.MANAGE_RETENTION
    section = "retention"
    template_name = "web/retention/form.html"
    form_class = RetentionForm
    done = gettext_lazy("The periods were saved.")
    question = gettext_lazy("Erase these faces now?")
    label = gettext_lazy("Save, and erase what is past its time")
    warning = gettext_lazy("An erased face cannot be brought back. The people may enrol again, if they want to.")

    def get_initial(self) -> dict[str, Any]:
        return {"face_days": self.tenant.face_days, "event_days": self.tenant.event_days}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"preview_url": self.request.path}

    def get_effects(self, data: dict[str, Any]) -> list[str]:
        over = faces(self.tenant, face_days=data["face_days"])["over"]
        if not over:
            return []
        return [
            _("%(count)s faces are older than %(days)s days and are erased with the next sweep.")
            % {"count": over, "days": data["face_days"]},
            _("Their cards, PINs and passes stay as they are."),
        ]

    def perform(self, data: dict[str, Any]) -> Property:
        return set_retention(tenant=self.tenant, face_days=data["face_days"], event_days=data["event_days"])

    def get_success_url(self) -> str:
        return reverse("retention", args=[self.tenant.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        days = self._days()
        return super().get_context_data(days=days, faces=faces(self.tenant, face_days=days), **kwargs)

    def _days(self) -> int:
        """The period to preview: what is being typed, else the one in force."""
        typed = (self.request.POST or self.request.GET).get("face_days", "")
        in_bounds = typed.isascii() and typed.isdigit() and 1 <= int(typed[:4]) <= 365
        return int(typed[:4]) if in_bounds else self.tenant.face_days
