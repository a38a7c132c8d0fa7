"""Legal holds: asked by one member, approved by another, ended by hand or by their day (PIPL 47)."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.forms.retention import HoldForm
from portal.web.undo import Act, Note, offer
from portal.web.views.confirmation import ConfirmPage
from portal.web.views.manager import ManagerForm, ManagerList
from tenants.organizations.roles import Permission
from tenants.rights.models import LegalHold
from tenants.rights.services import holds


def state_of(hold: LegalHold) -> tuple[str | Promise, str]:
    """Return how a hold stands today, in words and as a tone."""
    if hold.lifted_at is not None:
        return (gettext_lazy("Lifted") if hold.approved_at else gettext_lazy("Turned down")), "neutral"
    if hold.ends_on < timezone.localdate():
        return gettext_lazy("Over"), "neutral"
    return (gettext_lazy("In force"), "stop") if hold.approved_at else (gettext_lazy("Waits for approval"), "due")


class HoldList(ManagerList):
    permission = Permission.VIEW_RETENTION
    section = "retention"
    template_name = "web/retention/holds.html"

    def get_rows(self) -> QuerySet[LegalHold]:
        rows = LegalHold.objects.filter(tenant=self.tenant).select_related("person", "asked_by", "approved_by")
        return rows.order_by("-asked_at", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for hold in context["object_list"]:
            hold.word, hold.tone = state_of(hold)
            hold.is_open = hold.tone != "neutral"
            hold.may_approve = hold.tone == "due" and hold.asked_by_id != self.request.user.pk
        return context


class HoldAdd(ManagerForm):
    permission = Permission.MANAGE_RETENTION
    sensitive = True
    section = "retention"
    template_name = "web/retention/hold_form.html"
    form_class = HoldForm
    done = gettext_lazy("Another member has to approve it. Until then nothing is kept.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"tenant": self.tenant}

    def get_initial(self) -> dict[str, Any]:
        return {"person": self.request.GET.get("person", "")[:36]}

    def perform(self, data: dict[str, Any]) -> LegalHold:
        return holds.ask(tenant=self.tenant, actor=self.request.user, **data)

    def undoable(self) -> str:
        return offer(tenant=self.tenant, user=self.request.user, note=Note(Act.HOLD_ASKED, self.result.pk))

    def get_success_url(self) -> str:
        return reverse("holds", args=[self.tenant.slug])


class _OneHold(ConfirmPage):
    permission = Permission.MANAGE_RETENTION
    sensitive = True
    section = "retention"

    @cached_property
    def hold(self) -> LegalHold:
        rows = LegalHold.objects.filter(tenant=self.tenant).select_related("person", "asked_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_success_url(self) -> str:
        return reverse("holds", args=[self.tenant.slug])

    def get_effects(self) -> list[Any]:
        who = self.hold.person.code if self.hold.person else _("the whole property")
        return [_("It is about: %(who)s. Reason: %(reason)s") % {"who": who, "reason": self.hold.reason}, *self.follows]

    @property
    def follows(self) -> list[Any]:
        raise NotImplementedError


class HoldApprove(_OneHold):
    """The second member looks at it."""

    question = gettext_lazy("Approve this legal hold?")
    label = gettext_lazy("Approve the hold")
    done = gettext_lazy("The hold is in force.")

    @property
    def follows(self) -> list[Any]:
        return [
            _("These rows are not erased before it ends, also when somebody asks for it; the answer says so."),
            _("It keeps no face: whoever withdraws, no connected door opens to the face, and it is erased."),
        ]

    def perform(self, data: dict[str, Any]) -> LegalHold:
        return holds.approve(tenant=self.tenant, hold=self.hold, actor=self.request.user)


class HoldLift(_OneHold):
    """End it before its day, or turn the question down."""

    question = gettext_lazy("End this legal hold now?")
    label = gettext_lazy("End the hold")
    danger = True
    done = gettext_lazy("The hold is over. What it kept past its time goes with the next sweep.")

    @property
    def follows(self) -> list[Any]:
        return [_("What is past its time, or was asked to be erased, goes with the next sweep.")]

    def perform(self, data: dict[str, Any]) -> LegalHold:
        return holds.lift(tenant=self.tenant, hold=self.hold, actor=self.request.user)
