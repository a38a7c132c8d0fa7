"""The personal page: is my face used here, where, until when; and the button that ends it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from portal.web.reads.residents import HELD, Situation, doors_of, next_question, situation_of
from portal.web.resident import PersonalMixin, PersonalPage
from recognition.enrollment import reasons
from recognition.enrollment.models import EnrollmentState
from tenants.organizations.kinds import StorageMode
from tenants.people.kinds import ConsentDecision
from tenants.people.models import Consent
from tenants.people.rules.consents import face_ends_on
from tenants.people.services.consents import consent_statuses
from tenants.rights.services.withdrawals import withdraw
from tenants.transparency.models import Notice


class Me(PersonalPage):
    template_name = "public/me/me.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person, today = self.visit.person, timezone.localdate()
        person.tenant = self.tenant
        doors, statuses = doors_of(self.tenant), consent_statuses(person)
        notice = Notice.objects.filter(tenant=self.tenant).current()
        ends_on = face_ends_on(
            enrolled_on=person.face_enrolled_on, face_days=self.tenant.face_days, stay_ends_on=person.stay_ends_on
        )
        situation = situation_of(
            face_state=person.face_state,
            age_band=person.age_band,
            statuses=statuses,
            ends_on=ends_on,
            today=today,
            has_notice=notice is not None,
            is_on_device=self.tenant.storage_mode == StorageMode.ON_DEVICE,
            doors=len(doors.using),
        )
        consents = list(person.consents.select_related("notice"))
        attempt = person.enrollments.first()
        return super().get_context_data(
            situation=situation.value,
            doors=doors,
            notice=notice,
            ends_on=ends_on,
            ends_with_stay=ends_on is not None and ends_on == person.stay_ends_on,
            question=next_question(statuses),
            consents=consents,
            # Newest first, so the first of a kind is the answer that counts.
            declined=next((row for row in consents if row.decision == ConsentDecision.DECLINE), None),
            stopped=next((row for row in consents if row.withdrawn_at), None),
            can_stop=situation != Situation.ERASING and any(_is_given(row) for row in consents),
            holds_face=person.face_state in HELD,
            erasure=person.erasures.first(),
            attempt=attempt,
            failure=reasons.sentence(attempt.reason) if attempt and attempt.state == EnrollmentState.FAILED else "",
            requests=list(person.requests.order_by("-received_at")),
            **kwargs,
        )


class Stop(PersonalMixin, View):
    """One press, no reason, at once (PIPL 15). The page it leads to says what happened."""

    def get(self, _request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(self.me_url())

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        try:
            withdraw(visit=self.visit)
        except ValidationError as broken:
            messages.info(request, " ".join(broken.messages))
        else:
            messages.success(request, _("Done. From this moment your face opens no door."))
        return HttpResponseRedirect(self.me_url())


class Receipt(PersonalPage):
    """One answer with its evidence, to print or to keep as JSON."""

    template_name = "public/me/receipt.html"

    @cached_property
    def consent(self) -> Consent:
        return get_object_or_404(self.visit.person.consents.select_related("notice"), pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("format") != "json":
            return super().get(request, *args, **kwargs)
        response = JsonResponse(self._contents(), json_dumps_params={"ensure_ascii": False, "indent": 2})
        response["Content-Disposition"] = f'attachment; filename="receipt-{self.consent.pk.hex[:8]}.json"'
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(consent=self.consent, **kwargs)

    def _contents(self) -> dict[str, Any]:
        consent = self.consent
        return {
            "format": "consentry-consent-receipt/1",
            "receipt": consent.pk,
            "handler": self.tenant.handler.name,
            "property": self.tenant.name,
            "person": consent.person_id,
            "purpose": consent.purpose,
            "decision": consent.decision,
            "notice_version": consent.notice.version,
            "notice_sha256": consent.notice_hash,
            "language": consent.language,
            "decided_at": consent.decided_at,
            "withdrawn_at": consent.withdrawn_at,
        }


def _is_given(consent: Consent) -> bool:
    return consent.decision == ConsentDecision.AGREE and consent.withdrawn_at is None
