"""One question a page, one answer a form: the consent of the person, by the person (Measures Arts 6, 8)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.web.forms.me import AnswerForm
from portal.web.reads.residents import next_question
from portal.web.reads.ways import doors_of
from portal.web.resident import PersonalPage
from tenants.organizations.kinds import StorageMode
from tenants.people.kinds import ConsentDecision, ConsentPurpose, ConsentStatus, FaceState
from tenants.people.rules.consents import required_purposes
from tenants.people.services.asking import require_may_be_asked
from tenants.people.services.consents import consent_statuses, ends_on_of
from tenants.people.services.links import GuardianVisit
from tenants.rights.services.withdrawals import answer
from tenants.transparency.models import Notice

# After a yes the next question follows, but never one that was answered with no before.
ASKED_AFTER_A_YES = frozenset(ConsentStatus) - {ConsentStatus.DECLINED, ConsentStatus.WITHDRAWN, ConsentStatus.AGREED}


class Question(PersonalPage):
    """Asked in order, each on its own page. Where nothing may be asked the personal page says why."""

    only_the_person = True
    template_name = "public/me/question.html"

    @cached_property
    def purpose(self) -> ConsentPurpose:
        purpose = self.kwargs["purpose"]
        if purpose not in required_purposes(self.tenant.storage_mode):
            raise Http404
        return ConsentPurpose(purpose)

    @cached_property
    def statuses(self) -> dict[ConsentPurpose, ConsentStatus]:
        self.visit.person.tenant = self.tenant
        return consent_statuses(self.visit.person)

    def elsewhere(self) -> str | None:
        """Return where to go when this question is not to be asked now, or None."""
        person = self.visit.person
        try:
            guardian = self.visit.guardian if isinstance(self.visit, GuardianVisit) else None
            require_may_be_asked(tenant=self.tenant, person=person, guardian=guardian)
        except ValidationError as refused:
            if refused.code == "no_birth_date":  # where to mend it; everything else the personal page says itself
                messages.info(self.request, " ".join(refused.messages))
            return self.me_url()
        if person.face_state == FaceState.ERASING:
            return self.me_url()
        if person.stay_ends_on and person.stay_ends_on < timezone.localdate():
            return self.me_url()
        wanted = next_question(self.statuses)
        if self.statuses[self.purpose] == ConsentStatus.AGREED:
            return self.me_url("me_consent", wanted.value) if wanted else self.me_url()
        if self.purpose != ConsentPurpose.RECOGNITION and wanted == ConsentPurpose.RECOGNITION:
            return self.me_url("me_consent", wanted.value)
        return None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        notice = Notice.objects.filter(tenant=self.tenant).current()
        purposes = list(required_purposes(self.tenant.storage_mode))
        place = purposes.index(self.purpose)
        elsewhere = self.elsewhere() if notice else self.me_url()
        if elsewhere:
            return HttpResponseRedirect(elsewhere)
        return self.render_to_response(
            self.get_context_data(
                purpose=self.purpose.value,
                notice=notice,
                doors=doors_of(self.tenant),
                place=place + 1,
                places=len(purposes),
                is_portal=self.tenant.storage_mode == StorageMode.PORTAL,
                status=self.statuses[self.purpose].value,
                holds_until=ends_on_of(tenant=self.tenant, person=self.visit.person),
                minors_rules=dict(notice.items).get("minors", "") if notice else "",
            )
        )

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        purpose, form = self.purpose, AnswerForm(request.POST)
        elsewhere = self.elsewhere()
        if elsewhere:
            return HttpResponseRedirect(elsewhere)
        try:
            if not form.is_valid():
                raise ValidationError(_("Your answer did not arrive. Please press one of the two buttons again."))
            self._record(purpose, **form.cleaned_data)
        except ValidationError as broken:
            messages.warning(request, " ".join(broken.messages))
            return HttpResponseRedirect(request.path)
        return HttpResponseRedirect(self._next(purpose, form.cleaned_data["decision"]))

    @transaction.atomic
    def _record(self, purpose: ConsentPurpose, *, notice: Any, decision: str) -> None:
        shown = Notice.objects.filter(tenant=self.tenant, pk=notice).published().first()
        if shown is None:
            raise ValidationError(_("The notice has changed. Please read the new one first."), code="notice_changed")
        answer(visit=self.visit, purpose=purpose, decision=decision, notice=shown, language=get_language() or "")

    def _next(self, purpose: ConsentPurpose, decision: str) -> str:
        """After a no nothing more is asked; after the last yes comes the photo, where one is taken here."""
        if decision != ConsentDecision.AGREE:
            return f"{self.me_url()}#ways"
        statuses = consent_statuses(self.visit.person)
        question = next_question(statuses)
        if question and statuses[question] in ASKED_AFTER_A_YES:
            return self.me_url("me_consent", question.value)
        if question is None and self.tenant.storage_mode == StorageMode.PORTAL:
            self.visit.person.refresh_from_db(fields=["face_state"])
            if self.visit.person.face_state == FaceState.CONSENTED:
                return self.me_url("me_photo")
        return self.me_url()
