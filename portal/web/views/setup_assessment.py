"""The step of the setup guide that writes the first assessment: the few answers that only the property can give."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.forms import setup as forms
from portal.web.reads.assessments import scope_rows
from portal.web.reads.setup import Step, is_ready, takes_short_form
from portal.web.views.setup import PERMISSIONS, SetupStep
from tenants.organizations.models import User
from tenants.organizations.roles import Permission, SharedAct
from tenants.organizations.services.separation import others_who_may_complete
from tenants.transparency.models import Assessment, Conclusion
from tenants.transparency.rules.assessments import BLANK
from tenants.transparency.services import assessments


class AssessmentStep(SetupStep):
    """Fills the open places of the prefilled draft, as it was seen. Another member reads and signs it.

    A draft that holds anything else than its open places goes the long way, through the editor.
    """

    permission = PERMISSIONS[Step.ASSESSMENT]
    step = Step.ASSESSMENT
    form_class = forms.AssessmentStep
    template_name = "web/setup/assessment.html"
    why = gettext_lazy("The impact assessment is written already, but for five places that only you know.")
    label = gettext_lazy("Save for signing")
    done = gettext_lazy("The assessment is written. Another member reads and signs it; the guide goes on meanwhile.")

    def get_initial(self) -> dict[str, Any]:
        return {"seen": self.draft().revision}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draft = self.draft()
        texts = [(draft._meta.get_field(name).verbose_name, text) for name, text in draft.texts.items()]
        texts += [(draft._meta.get_field("officer_comment").verbose_name, draft.officer_comment)]
        return super().get_context_data(
            draft=draft,
            texts=[(label, text) for label, text in texts if text],
            risks=draft.risks.all(),
            scope=scope_rows(draft.scope),
            is_short=takes_short_form(self.tenant, draft),
            is_refused=draft.conclusion == Conclusion.NOT_ACCEPTABLE,
            editor_url=reverse("assessment_edit", args=[self.tenant.slug, draft.pk]),
            waits=self.waits(draft) if is_ready(self.tenant, draft) else None,
            **kwargs,
        )

    def waits(self, draft: Assessment) -> dict[str, Any]:
        """Say who wrote the draft, who may sign it, and whether that is the member who looks."""
        wrote = assessments.writers(draft)
        others = others_who_may_complete(tenant=self.tenant, act=SharedAct.ASSESSMENT, began=wrote)
        return {
            "writers": ", ".join(str(user) for user in User.objects.filter(pk__in=wrote).order_by("name", "email")),
            "signers": ", ".join(str(member.user) for member in others),
            "may_sign": self.request.user.pk in {member.user_id for member in others},
            "sign_url": reverse("assessment_sign", args=[self.tenant.slug, draft.pk]),
            "may_add": Permission.MANAGE_MEMBERS in self.tenant.granted,
        }

    def draft(self) -> Assessment:
        return assessments.start_draft(tenant=self.tenant, actor=self.request.user)

    def perform(self, data: dict[str, Any]) -> None:
        draft = self.draft()
        if not takes_short_form(self.tenant, draft):
            raise ValidationError(_("This draft goes on in the full form. Nothing was saved here."), code="not_short")
        texts = {
            name: _filled(text, [str(data[place]) for place in forms.PLACES.get(name, ())])
            for name, text in draft.texts.items()
        }
        assessments.edit(
            tenant=self.tenant,
            assessment=draft,
            actor=self.request.user,
            seen=data["seen"],
            conclusion=Conclusion.ACCEPTABLE,
            **texts,
        )

    def form_invalid(self, form: forms.AssessmentStep) -> HttpResponse:
        """What somebody else saved meanwhile is on the page by then: the next press completes what it shows."""
        if form.has_error(NON_FIELD_ERRORS, "edited_meanwhile"):
            form.data = form.data.copy()
            form.data["seen"] = str(self.draft().revision)
        return super().form_invalid(form)


def _filled(text: str, answers: list[str]) -> str:
    """Put the answers into the open places, in their order."""
    pieces = text.split(BLANK)
    return "".join(piece + answer for piece, answer in zip(pieces, [*answers, ""], strict=True))
