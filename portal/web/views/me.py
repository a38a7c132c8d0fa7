"""The personal page: is my face used here, where, until when; and the button that ends it."""

from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import View

from portal.web import pdf
from portal.web.reads import receipts
from portal.web.reads.passes import live_names
from portal.web.reads.residents import HELD, Situation, face_end, next_question, situation_of
from portal.web.reads.terminals import places, unconfirmed
from portal.web.reads.ways import doors_of, joined
from portal.web.resident import PersonalMixin, PersonalPage
from recognition.edge.reads import pending
from recognition.enrollment import reasons
from recognition.enrollment.models import EnrollmentState
from tenants.organizations.kinds import StorageMode
from tenants.people.kinds import AgeBand, ConsentDecision, FaceState
from tenants.people.models import Consent, Guardian, Person
from tenants.people.rules.consents import face_ends_on
from tenants.people.rules.masks import mask_child
from tenants.people.services import persons
from tenants.people.services.consents import consent_statuses
from tenants.people.services.guardians import children_of
from tenants.people.services.links import GuardianVisit
from tenants.rights.models import Certificate
from tenants.rights.services.withdrawals import withdraw
from tenants.transparency.models import Notice


class Me(PersonalPage):
    template_name = "public/me/me.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person, today = self.visit.person, timezone.localdate()
        person.tenant = self.tenant
        doors, statuses = doors_of(self.tenant), consent_statuses(person)
        notice = Notice.objects.filter(tenant=self.tenant).current()
        consents = list(person.consents.select_related("notice"))
        ends_on = face_ends_on(
            enrolled_on=person.face_enrolled_on, face_days=self.tenant.face_days, stay_ends_on=person.stay_ends_on
        )
        is_child = isinstance(self.visit, GuardianVisit)
        situation = situation_of(
            face_state=person.face_state,
            age_band=person.band,
            statuses=statuses,
            ends_on=ends_on,
            today=today,
            has_notice=notice is not None,
            is_on_device=self.tenant.storage_mode == StorageMode.ON_DEVICE,
            doors=len(doors.using),
            is_restricted=person.restricted_at is not None,
            # Before a notice says how their faces are used, children's faces are not used.
            allows_children=self.tenant.allows_under_14 and (notice is None or notice.allows_under_14),
            is_guardians_page=is_child,
            is_birthday_known=person.age_band_until is not None,
        )
        attempt = person.enrollments.first()
        return super().get_context_data(
            situation=situation.value,
            unconfirmed=_unconfirmed(person) if situation == Situation.ERASING else [],
            places=places(person) if situation == Situation.AT_THE_DOOR else [],
            doors=doors,
            notice=notice,
            end=face_end(
                stay_ends_on=person.stay_ends_on,
                consent_ends_on=_consent_ends_on(consents),
                enrolled_on=person.face_enrolled_on,
                face_days=self.tenant.face_days,
                last_used_on=person.face_last_used_on if person.face_state == FaceState.ENROLLED else None,
            ),
            question=next_question(statuses),
            consents=consents,
            agreed=[row for row in reversed(consents) if row.stands],
            # Newest first, so the first of a kind is the answer that counts.
            declined=next((row for row in consents if row.decision == ConsentDecision.DECLINE), None),
            stopped=next((row for row in consents if row.withdrawn_at), None),
            can_stop=situation != Situation.ERASING and any(row.stands for row in consents),
            holds_face=person.face_state in HELD,
            children=[] if is_child else [_child(row) for row in children_of(self.visit)],
            passes=joined(live_names(person)),
            certificates=list(Certificate.objects.filter(tenant=self.tenant, erasure__person=person)),
            erasure=person.erasures.first(),
            attempt=attempt,
            failure=reasons.sentence(attempt.reason) if attempt and attempt.state == EnrollmentState.FAILED else "",
            requests=list(person.requests.order_by("-received_at")),
            **kwargs,
        )


def _unconfirmed(person: Person) -> list[str]:
    return [unconfirmed(copy) for copy in pending(people=[person.pk]).get(person.pk, [])]


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
            messages.success(request, _("Done. Your yes is taken back, and your face is being deleted."))
        return HttpResponseRedirect(self.me_url())


class Child(Me):
    """A guardian at a child's page: the same facts, said about the child (PIPL 31)."""

    template_name = "public/me/child.html"


class Restrict(PersonalMixin, View):
    """Pause the use of the face, and end the pause: one press each (PIPL 44)."""

    def get(self, _request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(self.me_url())

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        if request.POST.get("pause") != "end":  # two presses on the same button do the same thing twice
            persons.restrict(tenant=self.tenant, person=self.visit.person)
            done = _("Done. Until you end the pause, no connected door opens to the face.")
            cut_off = _("A terminal that is cut off stops using it within 24 hours.")
            messages.success(request, f"{done} {cut_off}")
            return HttpResponseRedirect(self.me_url())
        try:
            persons.lift_restriction(tenant=self.tenant, person=self.visit.person)
        except ValidationError as broken:
            messages.info(request, " ".join(broken.messages))
        else:
            messages.success(request, _("Done. The pause is over."))
        return HttpResponseRedirect(self.me_url())


class Receipt(PersonalPage):
    """One answer with its evidence: to read, as a PDF, and as a record in the form of ISO/IEC TS 27560."""

    template_name = "public/me/receipt.html"
    drawer: pdf.Drawer = staticmethod(pdf.draw)

    @cached_property
    def consent(self) -> Consent:
        rows = self.visit.person.consents.select_related("notice", "guardian", "paper")
        return get_object_or_404(rows.defer("paper__scan"), pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = f"receipt-{self.consent.pk.hex[:8]}"
        if request.GET.get("format") == "json":
            contents = receipts.record(request, tenant=self.tenant, consent=self.consent)
            response: HttpResponse = JsonResponse(contents, json_dumps_params={"ensure_ascii": False, "indent": 2})
            response["Content-Disposition"] = f'attachment; filename="{name}.json"'
            return response
        if request.GET.get("format") == "pdf":
            write = partial(receipts.pdf, request, tenant=self.tenant, consent=self.consent, drawer=self.drawer)
            return pdf.answer(request, write, name=name, disposition="attachment")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(consent=self.consent, **kwargs)


def _consent_ends_on(consents: list[Consent]) -> date | None:
    """Return when the first of the answers that stand ends. `consents` are newest first."""
    latest: dict[str, Consent] = {}
    for row in consents:
        latest.setdefault(row.purpose, row)
    return min((row.ends_on for row in latest.values() if row.stands and row.ends_on), default=None)


def _child(row: Guardian) -> dict[str, Any]:
    """Return what the guardian's page says about a child."""
    return {
        "pk": row.child_id,
        "name": mask_child(row.child.identity.name),
        "decides_alone": row.child.band != AgeBand.UNDER_14,
        "face": row.child.get_face_state_display(),
    }
