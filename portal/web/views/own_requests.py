"""Ask from the own page, with one press: the link has proved who asks."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.generic import FormView

from portal.limits import REQUESTS_BY_PROPERTY, Limit
from portal.web.forms.me import AskForm
from portal.web.forms.public import KIND_WORDS
from portal.web.resident import PersonalMixin
from portal.web.views.manager import add_errors
from tenants.rights.kinds import RequestKind
from tenants.rights.services.requests import receive_from

# What the own page does at once, with its own buttons, is not asked for here.
DONE_THERE = frozenset({RequestKind.WITHDRAW, RequestKind.RESTRICT})
# A person's own requests: enough for anybody, and no inbox is filled with one link.
REQUESTS_BY_PERSON = Limit("requests-person", count=10, seconds=3600)


class Ask(PersonalMixin, FormView):
    """One button for each kind. What is asked is on the way with the press; the code is shown on the next page."""

    template_name = "public/me/ask.html"
    form_class = AskForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offers = [
            {"kind": kind.value, "label": words, "detail": explained}
            for kind, (words, explained) in KIND_WORDS.items()
            if kind not in DONE_THERE
        ]
        return super().get_context_data(offers=offers, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        callers = ((REQUESTS_BY_PERSON, str(self.visit.person.pk)), (REQUESTS_BY_PROPERTY, str(self.tenant.pk)))
        if refused := self.refuse_too_many(*callers):
            return refused
        for limit, who in callers:
            limit.count_one(who)
        try:
            with transaction.atomic():
                _made, code = receive_from(visit=self.visit, language=get_language(), **form.cleaned_data)
        except ValidationError as broken:
            add_errors(form, broken)
            return self.form_invalid(form)
        return HttpResponseRedirect(reverse("request_sent", args=[self.tenant.slug, code]))
