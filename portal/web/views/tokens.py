"""API tokens: a member's own, and to those who manage members everybody's."""

from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.security import tokens
from portal.security.models import ApiToken
from portal.web.forms.tokens import TokenForm
from portal.web.views.confirmation import ConfirmPage
from portal.web.views.manager import ManagerForm, ManagerList, ManagerMixin
from tenants.organizations.roles import Permission


class TokensSection(ManagerMixin):
    """Every member may have tokens: one can do no more than they can."""

    permission = Permission.VIEW_HOME
    section = "tokens"

    def get_success_url(self) -> str:
        return reverse("tokens", args=[self.tenant.slug])


class TokenList(TokensSection, ManagerList):
    template_name = "web/tokens/list.html"

    def get_rows(self) -> Any:
        return tokens.visible_to(tenant=self.tenant, actor=self.request.user).order_by("-created_at", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for token in context["object_list"]:
            token.word, token.tone = state_of(token)
            token.may_do = [permission.label for permission in Permission if permission in tokens.scopes_of(token)]
        return context


class TokenAdd(TokensSection, ManagerForm):
    """Answers with the token itself, once: not in the session, not in an address, not in any cache."""

    sensitive = True
    template_name = "web/tokens/add.html"
    form_class = TokenForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"granted": self.tenant.granted}

    def perform(self, data: dict[str, Any]) -> tuple[ApiToken, str]:
        return tokens.issue(tenant=self.tenant, actor=self.request.user, **data)

    def form_valid(self, form: Form) -> HttpResponse:
        if not self.carry_out(form):
            return self.form_invalid(form)
        token, text = self.result
        address = self.request.build_absolute_uri(reverse("api:property", args=[self.tenant.slug]))
        context = self.get_context_data(form=form, token=token, text=text, address=address)
        response = TemplateResponse(self.request, "web/tokens/shown.html", context)
        response["Cache-Control"] = "no-store"
        return response


class TokenRevoke(TokensSection, ConfirmPage):
    """Not behind another sign-in: whoever sees that a token leaked must be quick."""

    label = gettext_lazy("Stop the token")
    danger = True
    done = gettext_lazy("The token was stopped. It opens nothing any more.")

    @cached_property
    def token(self) -> ApiToken:
        rows = tokens.visible_to(tenant=self.tenant, actor=self.request.user)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_question(self) -> str:
        return _("Stop the API token “%(name)s”?") % {"name": self.token.name}

    def get_effects(self) -> list[str]:
        return [
            _("The program that uses it is refused from now on."),
            _("It cannot be switched on again. The program then needs a new token."),
            _("What was done by it stays in the log."),
        ]

    def perform(self, data: dict[str, Any]) -> ApiToken:
        return tokens.revoke(tenant=self.tenant, token=self.token, actor=self.request.user)


def state_of(token: ApiToken) -> tuple[str | Promise, str]:
    """Return how a token stands now, in words and as a tone."""
    if token.revoked_at is not None:
        return gettext_lazy("Stopped"), "neutral"
    if not token.is_live(timezone.now()):
        return gettext_lazy("Over"), "neutral"
    return gettext_lazy("Works"), "ok"
