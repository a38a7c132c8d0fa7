"""Answers that end a face: withdrawing, and saying no to a changed notice (PIPL 15; Measures Art 6)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property, User
from tenants.organizations.scoping import require_same_tenant
from tenants.people.kinds import ConsentDecision, ConsentPurpose, FaceState, WithdrawnBy
from tenants.people.models import Consent, Guardian, Person
from tenants.people.services.consents import decide
from tenants.people.services.desk import record_paper_consent
from tenants.people.services.links import GuardianVisit, Visit
from tenants.rights.kinds import ErasureReason
from tenants.rights.models import Erasure, RightsRequest
from tenants.rights.services.erasures import order_erasure
from tenants.transparency.models import Notice


@transaction.atomic
def answer(
    *, visit: Visit, purpose: ConsentPurpose | str, decision: ConsentDecision | str, notice: Notice, language: str
) -> Consent:
    """Record the person's answer to one purpose. A no while a face is kept ends its use at once (PIPL 47).

    Raises what `decide` raises.
    """
    consent = decide(visit=visit, purpose=purpose, decision=decision, notice=notice, language=language)
    held = {FaceState.CAPTURED, FaceState.ENROLLED, FaceState.SUSPENDED}
    person = Person.objects.get(pk=visit.person.pk)  # as it is now, not when the page was opened
    if consent.decision == ConsentDecision.DECLINE and person.face_state in held:
        withdraw(visit=visit)
    return consent


@transaction.atomic
def withdraw(*, visit: Visit) -> Erasure:
    """End every consent of the person and erase the face. Only the person can, by their own link, or a guardian.

    Raises ValidationError when there is nothing to withdraw.
    """
    by = WithdrawnBy.GUARDIAN if isinstance(visit, GuardianVisit) else WithdrawnBy.PERSON
    if not _end_consents(visit.person, by=by):
        raise ValidationError(_("You have not agreed to anything, so there is nothing to stop."), code="nothing_given")
    return order_erasure(tenant=visit.tenant, person=visit.person, reason=ErasureReason.WITHDRAWN)


@transaction.atomic
def withdraw_for(*, tenant: Property, person: Person, by: WithdrawnBy, request: RightsRequest) -> Erasure | None:
    """End every consent because a proved request says so, and erase the face; None when there was neither.

    Whoever never agreed has nothing taken away, and is answered all the same.
    """
    require_same_tenant(tenant, person, request)
    ended = _end_consents(person, by=by)
    person = Person.objects.get(pk=person.pk)
    if not ended and person.face_state in {FaceState.INVITED, FaceState.ERASING, FaceState.ERASED}:
        return None
    return order_erasure(tenant=tenant, person=person, reason=ErasureReason.WITHDRAWN, request=request)


@transaction.atomic
def answer_on_paper(
    *,
    tenant: Property,
    person: Person,
    purpose: ConsentPurpose | str,
    decision: ConsentDecision | str,
    notice: Notice,
    assisted_by: User,
    was_read_aloud: bool,
    scan: bytes,
    signed_on: date,
    language: str = "zh-hans",
    guardian: Guardian | None = None,
) -> Consent:
    """Record a signed sheet. A signed no ends what was agreed to before and erases the face: one sheet, as for a yes.

    Raises what `record_paper_consent` raises.
    """
    consent = record_paper_consent(
        tenant=tenant,
        person=person,
        purpose=purpose,
        decision=decision,
        notice=notice,
        assisted_by=assisted_by,
        was_read_aloud=was_read_aloud,
        scan=scan,
        signed_on=signed_on,
        language=language,
        guardian=guardian,
    )
    by = WithdrawnBy.PERSON_SHEET if guardian is None else WithdrawnBy.GUARDIAN_SHEET
    if consent.decision == ConsentDecision.DECLINE and _end_consents(person, by=by):
        order_erasure(tenant=tenant, person=person, reason=ErasureReason.WITHDRAWN)
    return consent


def _end_consents(person: Person, *, by: WithdrawnBy) -> int:
    """Withdraw every yes that still stands, and say who did; return how many."""
    # The person first, as when a consent is given: an answer given at this moment must not survive the withdrawal.
    Person.objects.select_for_update().get(pk=person.pk)
    rows = list(
        Consent.objects.select_for_update().filter(
            person=person, decision=ConsentDecision.AGREE, withdrawn_at__isnull=True
        )
    )
    for consent in rows:
        consent.withdrawn_at, consent.withdrawn_by = timezone.now(), by
        # The columns that the web role may change, no others (portal/security/grants.py).
        consent.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return len(rows)
