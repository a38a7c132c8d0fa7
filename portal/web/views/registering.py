"""Register oneself, with the code from the desk, on one's own phone."""

import secrets
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import FormView

from portal.limits import REGISTRATIONS_BY_ADDRESS, REGISTRATIONS_BY_TICKET, address_of
from portal.web.forms.registrations import RegistrationForm
from portal.web.resident import ResidentMixin
from portal.web.views.manager import add_errors
from tenants.people.models import Registration
from tenants.people.services.registrations import OVER, find_ticket, register


class Register(ResidentMixin, FormView):
    """One form, no account. It asks who somebody is and nothing else; questions wait on the person's own page."""

    is_confidential = True
    template_name = "public/register.html"
    form_class = RegistrationForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.registration = find_ticket(tenant=self.tenant, token=kwargs["ticket"])
        except Registration.DoesNotExist:
            return self._unknown()
        return self._over() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            # The personal link that follows is the person's alone, and only staff have accounts.
            return self.plain("public/me/staff.html", status=403, me_url=request.path)
        try:
            self.registration = find_ticket(tenant=self.tenant, token=kwargs["ticket"])
        except Registration.DoesNotExist:
            return self._unknown()
        callers = (
            (REGISTRATIONS_BY_ADDRESS, address_of(request)),
            (REGISTRATIONS_BY_TICKET, str(self.registration.pk)),
        )
        for limit, who in callers:
            if limit.is_reached(who):
                return self.too_many(limit)
            limit.count_one(who)
        return super().post(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"submission": secrets.token_urlsafe(16)}

    def form_valid(self, form: RegistrationForm) -> HttpResponse:
        try:
            with transaction.atomic():
                done = register(tenant=self.tenant, token=self.kwargs["ticket"], **form.cleaned_data)
        except ValidationError as broken:
            self.registration.refresh_from_db()
            add_errors(form, broken)
            return self.form_invalid(form)
        if done.is_new:
            messages.success(
                self.request, _("You are registered. This is your own page: keep its address to yourself.")
            )
        else:
            messages.info(self.request, _("You are registered already. If something is wrong, tell the desk."))
        return HttpResponseRedirect(reverse("me", args=[self.tenant.slug, done.token]))

    def form_invalid(self, form: RegistrationForm) -> HttpResponse:
        return self._over() or super().form_invalid(form)

    def _over(self) -> HttpResponse | None:
        """Say what to do when nobody can register with this code any more; None while somebody can."""
        state = self.registration.state
        if state not in OVER:
            return None
        return self.plain("public/register_over.html", status=410, sentence=OVER[state])

    def _unknown(self) -> HttpResponse:
        sentence = _("It may not be complete. Scan it again, or ask the desk for a new one.")
        return self.plain("public/register_over.html", status=404, sentence=sentence)
