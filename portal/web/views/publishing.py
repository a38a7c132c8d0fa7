"""The end of a draft: published for good, or thrown away."""

from datetime import date
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.forms.notices import DiscardForm, PublishForm
from portal.web.reads import notices as reads
from portal.web.reads.versions import affected
from portal.web.views.confirmation import ConfirmPage
from portal.web.views.notices import DraftOnly
from tenants.organizations.roles import Permission
from tenants.transparency.models import Notice
from tenants.transparency.rules.publishing import REASONS
from tenants.transparency.services import notices as services


class NoticePublish(DraftOnly, ConfirmPage):
    """Says who must be asked again and why, before anybody is (PIPL 14)."""

    permission = Permission.MANAGE_NOTICES
    template_name = "web/notices/publish.html"
    form_class = PublishForm
    label = gettext_lazy("Publish this version")

    def get_question(self) -> str:
        return _("Publish version %(version)s?") % {"version": self.notice.version}

    def get_initial(self) -> dict[str, Any]:
        return {
            "effective_on": timezone.localdate(),
            "seen": self.notice.updated_at.isoformat(),
            "shown": " ".join(self.reasons),
        }

    def get_effects(self) -> list[str]:
        effects = [_("From its day on it is in force. It can never be changed; a correction is the next version.")]
        if self.current is None:
            effects.append(_("From that day people can be asked for their consent."))
        elif not self.reasons:
            effects.append(_("Purpose, method, what is collected, recipients, period and place are the same."))
            effects.append(_("All consents stay valid; nobody is asked again."))
        return effects

    # The day that was asked for; today until one was.
    day: date | None = None

    @property
    def reasons(self) -> tuple[str, ...]:
        return services.asks_again(tenant=self.tenant, draft=self.notice, effective_on=self.day)

    def get_cancel_url(self) -> str:
        return self.address("notice_edit")

    def perform(self, data: dict[str, Any]) -> Notice:
        notice = services.publish(
            tenant=self.tenant,
            notice=self.notice,
            actor=self.request.user,
            effective_on=data["effective_on"],
            seen=data["seen"] or None,
            shown=data["shown"],
        )
        if notice.effective_on and notice.effective_on > timezone.localdate():
            on = formats.date_format(notice.effective_on, "DATE_FORMAT")
            self.done = _("The notice is published. It takes effect on %(on)s.") % {"on": on}
        else:
            self.done = _("The notice is published and in force.")
        return notice

    def form_invalid(self, form: Form) -> HttpResponse:
        """Ask once more, with what is true of the day that was chosen and of the draft as it is now."""
        if "effective_on" not in form.errors:
            self.day = form.cleaned_data.get("effective_on")
        if form.has_error(NON_FIELD_ERRORS, "edited_meanwhile"):
            self.see_again(form)
        form.data = form.data.copy()
        form.data["shown"] = " ".join(self.reasons)
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = reads.readiness(self.notice, tenant=self.tenant, edit_url=self.address("notice_edit"))
        missing, codes = sum(not row["ok"] for row in rows), self.reasons
        return super().get_context_data(
            rows=rows,
            missing=missing,
            score=f"{len(rows) - missing} / {len(rows)}",
            reasons=[REASONS[code] for code in codes],
            affected=affected(self.tenant) if codes else None,
            hints=reads.hints(self.notice, tenant=self.tenant),
            **kwargs,
        )


class NoticeDiscard(DraftOnly, ConfirmPage):
    permission = Permission.MANAGE_NOTICES
    form_class = DiscardForm
    label = gettext_lazy("Discard the draft")
    danger = True
    done = gettext_lazy("The draft was discarded.")

    def get_initial(self) -> dict[str, Any]:
        return {"seen": self.notice.updated_at.isoformat()}

    def get_question(self) -> str:
        return _("Discard the draft of version %(version)s?") % {"version": self.notice.version}

    def get_effects(self) -> list[str]:
        return [_("What was written in it is gone."), _("Published versions stay as they are.")]

    def get_cancel_url(self) -> str:
        return self.address("notice_edit")

    def get_success_url(self) -> str:
        return reverse("notices", args=[self.tenant.slug])

    def perform(self, data: dict[str, Any]) -> None:
        services.discard_draft(tenant=self.tenant, notice=self.notice, seen=data["seen"] or None)

    def form_invalid(self, form: Form) -> HttpResponse:
        if form.has_error(NON_FIELD_ERRORS, "edited_meanwhile"):
            self.see_again(form)
        return super().form_invalid(form)
