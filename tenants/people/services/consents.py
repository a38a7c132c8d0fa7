"""Consents: given by the person at their own page, and by nobody else (PIPL 14; Measures Arts 6, 8).

Withdrawing is in `rights.services.withdrawals`, because it erases as well.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property
from tenants.people.kinds import ConsentDecision, ConsentPurpose, ConsentStatus, FaceState
from tenants.people.models import Consent, Person
from tenants.people.rules.consents import Answer, consent_status, required_purposes
from tenants.people.services.links import Visit
from tenants.people.services.persons import move_face
from tenants.transparency.models import Notice


def oldest_valid_version(tenant: Property) -> int | None:
    """Return the version from which consents still hold, or None when nothing is published."""
    asked_again = (
        Notice.objects.filter(tenant=tenant, needs_new_consent=True)
        .published()
        .order_by("-version")
        .values("version")[:1]
    )
    versions = Notice.objects.filter(tenant=tenant).published()
    row = versions.order_by("version").values_list("version", Subquery(asked_again)).first()
    return None if row is None else row[1] or row[0]


def consent_statuses(person: Person) -> dict[ConsentPurpose, ConsentStatus]:
    """Return what the person's answers to each required purpose amount to today. Two queries."""
    latest: dict[str, Answer] = {}
    rows = Consent.objects.filter(person=person).select_related("notice").order_by("decided_at")
    for row in rows:
        latest[row.purpose] = Answer(
            row.decision,
            row.notice.version,
            is_withdrawn=row.withdrawn_at is not None,
            is_over=person.face_ended_at is not None and row.decided_at <= person.face_ended_at,
        )
    oldest = oldest_valid_version(person.tenant)
    return {
        purpose: consent_status(latest.get(purpose), oldest_valid_version=oldest)
        for purpose in required_purposes(person.tenant.storage_mode)
    }


@transaction.atomic
def decide(
    *, visit: Visit, purpose: ConsentPurpose | str, decision: ConsentDecision | str, notice: Notice, language: str
) -> Consent:
    """Record one answer to one purpose, tied to the exact notice shown.

    Takes a Visit, which only the person's own link gives: staff cannot consent for anyone. Raises
    ValidationError when the notice shown is not the one in force, or the purpose is not asked here.
    """
    purpose, decision = ConsentPurpose(purpose), ConsentDecision(decision)
    tenant, person = visit.tenant, Person.objects.select_for_update().get(pk=visit.person.pk)
    if purpose not in required_purposes(tenant.storage_mode):
        raise ValidationError(_("This is not asked here."), code="not_asked")
    current = Notice.objects.filter(tenant=tenant).current()
    if current is None or current.pk != notice.pk:
        raise ValidationError(_("The notice has changed. Please read the new one first."), code="notice_changed")
    if decision == ConsentDecision.DECLINE and consent_statuses(person)[purpose] == ConsentStatus.AGREED:
        raise ValidationError(_("You have agreed. To end it, use “Stop using my face”."), code="use_withdrawal")
    consent = Consent(
        tenant=tenant,
        person=person,
        purpose=purpose,
        decision=decision,
        notice=notice,
        notice_hash=notice.content_hash,
        language=language,
        decided_at=timezone.now(),
    )
    consent.full_clean()
    consent.save()
    if all(status == ConsentStatus.AGREED for status in consent_statuses(person).values()):
        if person.face_state in {FaceState.INVITED, FaceState.ERASED}:
            move_face(person=person, target=FaceState.CONSENTED)
        elif person.face_state == FaceState.SUSPENDED:
            move_face(person=person, target=FaceState.ENROLLED)
    return consent
