"""A person's own passes, or those of a guardian's child: the rotating code, and which cards and numbers there are."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.web.reads.passes import codes_from, doors_taking, own_qr, pass_rows, standing
from portal.web.resident import PersonalPage
from tenants.people.kinds import PassState
from tenants.people.services.passes import renew_qr


class OwnPass(PersonalPage):
    """Codes are keys, so a signed-in member does not see them. POST asks for new ones."""

    only_the_person = True
    template_name = "public/me/pass.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now, person = timezone.now(), self.visit.person
        today = timezone.localdate(now)
        qr = own_qr(person)
        is_valid = qr is not None and not standing(qr, today=today)
        return super().get_context_data(
            qr=qr,
            codes=codes_from(qr, now=now) if qr and is_valid else None,
            doors=list(doors_taking(self.tenant, qr)) if qr else [],
            others=[
                row
                for row in pass_rows(person, today=today)
                if row.state == PassState.ACTIVE and (qr is None or row.pk != qr.pk)
            ],
            **kwargs,
        )

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        qr = own_qr(self.visit.person)
        if qr is not None:
            renew_qr(tenant=self.tenant, pass_=qr)
            messages.success(request, _("Done. Every code shown before this moment is worthless."))
        return HttpResponseRedirect(self.me_url("me_pass"))
