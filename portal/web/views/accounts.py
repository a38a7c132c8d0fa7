"""One's own account, where allauth's pages do too little: sessions, the last second factor, the invitation."""

from typing import Any

from allauth.account.forms import SetPasswordForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, TemplateView

from portal.sign_in import again, invitations, sessions


class OwnSessions(TemplateView):
    """Where somebody is signed in. Each session can be ended, or all others at once, by who has proved who they are."""

    template_name = "usersessions/usersession_list.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return again.ask(request) or super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = request.POST.get("session", "")
        if chosen.isdecimal():
            sessions.end(request, number=int(chosen[:18]))
        else:
            end_other_sessions(request, request.user)
        messages.success(request, _("Signed out there."))
        return redirect("usersessions_list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(sessions=sessions.listed(self.request), **kwargs)


class RemovePasskey(RemoveWebAuthnView):
    """allauth asks only before an authenticator app goes whether it may go."""

    def form_valid(self, form: Any) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_list_webauthn")
        return super().form_valid(form)


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class Invitation(FormView):
    """The first password of a new member, by the letter's link: once, and for a week."""

    form_class = SetPasswordForm
    template_name = "account/invitation.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.invited = invitations.find(kwargs["token"])
        if self.invited is None:
            return render(request, "account/invitation_over.html", status=410)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.invited}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(invited=self.invited, **kwargs)

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        return invitations.accept(self.request, token=self.kwargs["token"], password=form.cleaned_data["password1"])
