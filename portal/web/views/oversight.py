"""Who looks after access: emergency access of platform staff, and the review of members each quarter."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.forms.oversight import ReviewForm, decisions
from portal.web.reads import oversight as reads
from portal.web.views.confirmation import ConfirmPage
from portal.web.views.manager import ManagerForm, ManagerList
from tenants.organizations.models import AccessReview, EmergencyAccess
from tenants.organizations.roles import Permission
from tenants.organizations.services import emergencies, reviews


class EmergencyList(ManagerList):
    permission = Permission.VIEW_MEMBERS
    section = "members"
    template_name = "web/members/emergencies.html"

    def get_rows(self) -> Any:
        return reads.emergencies(self.tenant)


class EmergencyEnd(ConfirmPage):
    """An owner ends it. Its staff member does so in the platform admin."""

    permission = Permission.MANAGE_MEMBERS
    sensitive = True
    section = "members"
    question = gettext_lazy("End this emergency access now?")
    label = gettext_lazy("End it")
    danger = True
    done = gettext_lazy("The emergency access is over.")

    @cached_property
    def emergency(self) -> EmergencyAccess:
        return get_object_or_404(reads.emergencies(self.tenant), pk=self.kwargs["pk"])

    def get_effects(self) -> list[str]:
        return [
            _("No page of this property opens to %(who)s any more.") % {"who": self.emergency.staff.email},
            _("What was opened stays in the log."),
        ]

    def perform(self, data: dict[str, Any]) -> EmergencyAccess:
        return emergencies.end(tenant=self.tenant, emergency=self.emergency, actor=self.request.user)

    def get_success_url(self) -> str:
        return reverse("emergencies", args=[self.tenant.slug])


class ReviewList(ManagerList):
    """What was decided, review by review."""

    permission = Permission.VIEW_MEMBERS
    section = "members"
    template_name = "web/members/reviews.html"

    def get_rows(self) -> Any:
        return reads.past_reviews(self.tenant)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(due_on=reviews.due_on(self.tenant), today=timezone.localdate(), **kwargs)
        context["lines"] = reads.review_lines(self.tenant, list(context["object_list"]))
        return context


class ReviewAccess(ManagerForm):
    """Each member with what speaks for and against their access, and a decision about each."""

    permission = Permission.MANAGE_MEMBERS
    sensitive = True
    section = "members"
    template_name = "web/members/review.html"
    form_class = ReviewForm
    done = gettext_lazy("The review is written down and holds from now on.")

    def get_form_kwargs(self) -> dict[str, Any]:
        self.members = list(reads.members_to_review(self.tenant))
        return super().get_form_kwargs() | {"members": self.members}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(due_on=reviews.due_on(self.tenant), today=timezone.localdate(), **kwargs)
        form = context["form"]
        context["rows"] = [(member, form[str(member.pk)]) for member in self.members if str(member.pk) in form.fields]
        return context

    def perform(self, data: dict[str, Any]) -> AccessReview:
        return reviews.finish(tenant=self.tenant, actor=self.request.user, decisions=decisions(data))

    def get_success_url(self) -> str:
        return reverse("access_reviews", args=[self.tenant.slug])
