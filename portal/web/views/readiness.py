"""Readiness: every duty of the property, met, due or blocking."""

from typing import Any

from django.utils.translation import gettext as _

from portal.web.reads import readiness as reads
from portal.web.views.manager import ManagerPage
from tenants.organizations.roles import Permission
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device


class Readiness(ManagerPage):
    permission = Permission.VIEW_HOME
    section = "readiness"
    template_name = "web/readiness/readiness.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        groups = reads.groups(self.tenant)
        score = reads.score(groups)
        total = sum(score.values())
        return super().get_context_data(
            groups=groups,
            score=score,
            summary=_("%(met)s of %(total)s met") % {"met": score["met"], "total": total},
            engine_note=reads.engine_note(self.tenant),
            liveness_note=reads.liveness_note(self.tenant),
            summary_tone="stop" if score["blocking"] else "due" if score["due"] else "ok",
            is_new=not Device.objects.filter(tenant=self.tenant, state=DeviceState.ACTIVE).exists(),
            **kwargs,
        )
