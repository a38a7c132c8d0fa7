"""The end of a draft assessment: signed for good, or thrown away."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.forms.assessments import SeenForm
from portal.web.reads import assessments as reads
from portal.web.views.assessments import DraftOnly
from portal.web.views.confirmation import ConfirmPage
from tenants.organizations.roles import Permission
from tenants.transparency.models import Assessment
from tenants.transparency.services import assessments as services


class AssessmentSign(DraftOnly, ConfirmPage):
    permission = Permission.SIGN_ASSESSMENTS
    template_name = "web/assessments/sign.html"
    form_class = SeenForm
    label = gettext_lazy("Sign this assessment")
    done = gettext_lazy("The assessment is signed and in force.")

    def get_question(self) -> str:
        return _("Sign version %(version)s?") % {"version": self.assessment.version}

    def get_effects(self) -> list[str]:
        return [
            _("Your name, the time and a fingerprint of every word are kept with it."),
            _("It can never be changed or deleted; a correction is the next version."),
            _("Devices that it covers can be activated, as far as the other rules hold."),
            _("It goes out of date when purpose, mode, vendor, algorithm, place or storage changes (Measures Art 9)."),
        ]

    def get_cancel_url(self) -> str:
        return self.address("assessment")

    def get_initial(self) -> dict[str, Any]:
        return {"seen": self.assessment.revision}

    def perform(self, data: dict[str, Any]) -> Assessment:
        people = reads.people_count(self.tenant)
        return services.sign(
            tenant=self.tenant, assessment=self.assessment, actor=self.request.user, people_count=people, **data
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        checks = reads.readiness(self.tenant, self.assessment, edit_url=self.address("assessment_edit"))
        missing = sum(not check["ok"] for check in checks)
        return super().get_context_data(
            checks=checks,
            missing=missing,
            score=f"{len(checks) - missing} / {len(checks)}",
            wrote=self.request.user.pk in services.writers(self.assessment),
            scope=reads.scope_rows(self.assessment.scope),
            **kwargs,
        )


class AssessmentDiscard(DraftOnly, ConfirmPage):
    """Throws away what was seen, and nothing that somebody else wrote since."""

    permission = Permission.MANAGE_ASSESSMENTS
    form_class = SeenForm
    label = gettext_lazy("Discard the draft")
    danger = True
    done = gettext_lazy("The draft was discarded.")

    def get_question(self) -> str:
        return _("Discard the draft of version %(version)s?") % {"version": self.assessment.version}

    def get_effects(self) -> list[str]:
        return [_("What was written in it is gone."), _("Signed versions stay as they are.")]

    def get_cancel_url(self) -> str:
        return self.address("assessment_edit")

    def get_success_url(self) -> str:
        return reverse("assessments", args=[self.tenant.slug])

    def get_initial(self) -> dict[str, Any]:
        return {"seen": self.assessment.revision}

    def perform(self, data: dict[str, Any]) -> None:
        services.discard_draft(tenant=self.tenant, assessment=self.assessment, **data)
