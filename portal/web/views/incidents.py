"""Something serious happened: recorded on one page, which says first what stops (Measures Art 9)."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from portal.web.forms.assessments import IncidentForm
from portal.web.reads.stops import all_stops
from portal.web.views.confirmation import ConfirmPage
from tenants.organizations.roles import Permission
from tenants.transparency.models import Assessment
from tenants.transparency.services.incidents import record_incident


class IncidentRecord(ConfirmPage):
    permission = Permission.MANAGE_ASSESSMENTS
    section = "assessments"
    form_class = IncidentForm
    question = gettext_lazy("Something serious happened?")
    label = gettext_lazy("Record it and stop all faces")
    warning = gettext_lazy("It cannot be taken back. Only a new assessment that answers it lets faces work again.")
    danger = True
    done = gettext_lazy("It is recorded. Faces are stopped until the next assessment is signed.")

    def get_initial(self) -> dict[str, Any]:
        return {"happened_on": timezone.localdate()}

    def get_effects(self) -> list[str]:
        return all_stops(self.tenant)

    def perform(self, data: dict[str, Any]) -> Assessment:
        return record_incident(tenant=self.tenant, actor=self.request.user, **data)

    def get_success_url(self) -> str:
        return reverse("assessments", args=[self.tenant.slug])
