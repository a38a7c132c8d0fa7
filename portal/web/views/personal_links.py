"""The personal link: shown here once, or sent by a message that a worker writes."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from portal.web.qr import qr_svg
from portal.web.reads import people
from portal.web.reads.invitations import ways
from portal.web.views.manager import ManagerMixin
from portal.web.views.people import OnePerson
from tenants.organizations.roles import Permission
from tenants.people.kinds import LinkReason, PromptChannel
from tenants.people.models import Guardian, Person
from tenants.people.services import prompts
from tenants.people.services.invitations import invite_by_message
from tenants.people.services.links import issue_link


class PersonLinkPage(OnePerson, ManagerMixin, TemplateView):
    """Make the personal link. Shown here, its secret is in one answer only: in no session, in no address of ours."""

    permission = Permission.MANAGE_PEOPLE
    template_name = "web/people/link_confirm.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        live = self.person.links.filter(revoked_at__isnull=True, expires_at__gt=timezone.now()).exists()
        return super().get_context_data(
            has_link=live,
            declined=people.declined_at(self.consents),
            no_invitation=(refused := self._no_invitation()),
            ways=[] if refused else ways(self.person),
            children=[child for child in self._children() if not self._no_invitation(child)],
            **kwargs,
        )

    def _children(self) -> list[Person]:
        rows = Guardian.objects.filter(guardian=self.person, ended_at__isnull=True).select_related("child__tenant")
        return [row.child for row in rows]

    def _no_invitation(self, child: Person | None = None) -> str:
        """Return why nobody may be invited here, or nothing: then it is the person who has to ask for a link."""
        try:
            prompts.require_may_prompt(person=self.person, child=child)
        except ValidationError as broken:
            return " ".join(broken.messages)
        return ""

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        why, children = request.POST.get("why", ""), {f"child-{child.pk}": child for child in self._children()}
        made = {"tenant": self.tenant, "person": self.person, "made_by": request.user}
        try:
            if why in PromptChannel.values:
                return self._send(why)
            if why == LinkReason.ASKED:
                token = issue_link(**made, reason=LinkReason.ASKED)
            elif why == LinkReason.INVITATION or why in children:
                token = prompts.invite(**made, child=children.get(why))
            else:
                # Nothing is made without a reason: after a no it matters who started.
                return self.render_to_response(self.get_context_data(is_unsaid=True), status=400)
        except ValidationError as broken:
            messages.error(request, " ".join(broken.messages))
            return redirect("person", self.tenant.slug, self.person.pk)
        address = request.build_absolute_uri(reverse("me", args=[self.tenant.slug, token]))
        context = self.get_context_data(address=address, code=qr_svg(address, label=_("QR code of the personal link")))
        response = self.response_class(request, ["web/people/link.html"], context)
        response["Cache-Control"] = "no-store"
        return response

    def _send(self, channel: str) -> HttpResponse:
        invite_by_message(tenant=self.tenant, person=self.person, channel=channel, actor=self.request.user)
        messages.success(self.request, _("The invitation is on its way. The person's page says when it was sent."))
        return redirect("person", self.tenant.slug, self.person.pk)
