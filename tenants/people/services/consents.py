"""Consents. There are three makers and no other: the person's own visit, a guardian's visit, a signed sheet.

(PIPL 14, 31; Measures Arts 6-8.) Withdrawing is in `rights.services.withdrawals`, because it erases as well.
"""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant
from tenants.people.changes import person_changed
from tenants.people.kinds import (
    AgeBand,
    ConsentChannel,
    ConsentDecision,
    ConsentPurpose,
    ConsentStatus,
    FaceState,
    GivenBy,
)
from tenants.people.models import Consent, Guardian, PaperForm, Person
from tenants.people.rules.consents import Answer, consent_ends_on, consent_status, required_purposes
from tenants.people.services.asking import require_may_be_asked
from tenants.people.services.links import GuardianVisit, Visit
from tenants.people.services.persons import move_face
from tenants.transparency.models import Notice
from tenants.transparency.rules.versions import oldest_valid
from tenants.transparency.services.notices import hold

# What a status needs of each answer; the face worker may read these columns and no others.
_PARTS = (
    "purpose",
    "decision",
    "notice__version",
    "withdrawn_at",
    "withdrawn_by",
    "decided_at",
    "ends_on",
    "given_by",
    "guardian__ended_at",
)


def oldest_valid_version(tenant: Property, *, on: date | None = None) -> int | None:
    """Return the version from which consents hold on a Beijing day (today unless told); None: nothing is in force.

    A version that asks everybody again does so from the day on which it takes effect (PIPL 14). One query.
    """
    return oldest_valid(Notice.objects.filter(tenant=tenant).facts(), on=on or timezone.localdate())


def consent_statuses(person: Person) -> dict[ConsentPurpose, ConsentStatus]:
    """Return what the answers for a person to each required purpose amount to today. Two queries."""
    return statuses_of(person.tenant, [person])[person.pk]


def statuses_of(tenant: Property, people: Sequence[Person]) -> dict[uuid.UUID, dict[ConsentPurpose, ConsentStatus]]:
    """Return the same for each of these people of a property. Two queries, however many they are."""
    latest: dict[tuple[uuid.UUID, str], Answer] = {}
    over = {person.pk: person.face_ended_at for person in people}
    rows = Consent.objects.filter(person__in=list(over)).order_by("decided_at").values("person_id", *_PARTS)
    for row in rows:
        ended = over[row["person_id"]]
        latest[row["person_id"], row["purpose"]] = Answer(
            row["decision"],
            row["notice__version"],
            is_withdrawn=row["withdrawn_at"] is not None,
            is_over=ended is not None and row["decided_at"] <= ended,
            ends_on=row["ends_on"],
            given_by=row["given_by"],
            is_guardianship_over=row["guardian__ended_at"] is not None,
            withdrawn_by=row["withdrawn_by"],
        )
    oldest, today = oldest_valid_version(tenant), timezone.localdate()
    return {
        person.pk: {
            purpose: consent_status(
                latest.get((person.pk, purpose)), oldest_valid_version=oldest, today=today, band=person.band
            )
            for purpose in required_purposes(tenant.storage_mode)
        }
        for person in people
    }


@transaction.atomic
def decide(
    *, visit: Visit, purpose: ConsentPurpose | str, decision: ConsentDecision | str, notice: Notice, language: str
) -> Consent:
    """Record one answer to one purpose, tied to the exact notice shown. The same answer again changes nothing.

    Takes a Visit, which only the person's own link gives, or a GuardianVisit for a child under 14: staff
    cannot consent for anyone. Raises ValidationError when the notice shown is not the one in force, the
    purpose is not asked here, or it is not this visitor's to answer.
    """
    return _record_consent(
        tenant=visit.tenant,
        person=visit.person,
        guardian=visit.guardian if isinstance(visit, GuardianVisit) else None,
        purpose=ConsentPurpose(purpose),
        decision=ConsentDecision(decision),
        notice=notice,
        language=language,
        paper=None,
    )


@transaction.atomic
def transcribe(*, paper: PaperForm) -> Consent:
    """Record the answer on a signed sheet, which only `desk.record_paper_consent` takes in. Raises as `decide`."""
    return _record_consent(
        tenant=paper.tenant,
        person=paper.person,
        guardian=paper.guardian,
        purpose=ConsentPurpose(paper.purpose),
        decision=ConsentDecision(paper.decision),
        notice=paper.notice,
        language=paper.language,
        paper=paper,
    )


def _record_consent(
    *,
    tenant: Property,
    person: Person,
    guardian: Guardian | None,
    purpose: ConsentPurpose,
    decision: ConsentDecision,
    notice: Notice,
    language: str,
    paper: PaperForm | None,
) -> Consent:
    """Write a consent: the only place in the code base that does."""
    require_same_tenant(tenant, person, guardian, paper)
    hold(notice)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if guardian is not None:
        guardian = Guardian.objects.select_for_update().get(pk=guardian.pk)
    if purpose not in required_purposes(tenant.storage_mode):
        raise ValidationError(_("This is not asked here."), code="not_asked")
    require_may_be_asked(tenant=tenant, person=person, guardian=guardian)
    _require_notice_holds(tenant=tenant, notice=notice, decision=decision, is_on_paper=paper is not None)
    status = consent_statuses(person)[purpose]
    if paper is None and decision == ConsentDecision.DECLINE and status == ConsentStatus.AGREED:
        raise ValidationError(_("You have agreed. To end it, use “Stop using my face”."), code="use_withdrawal")
    same = {ConsentDecision.AGREE: ConsentStatus.AGREED, ConsentDecision.DECLINE: ConsentStatus.DECLINED}
    if paper is None and status == same[decision]:
        # A link opened twice, a button pressed twice: the answer stands already.
        return Consent.objects.filter(person=person, purpose=purpose).latest("decided_at")
    consent = Consent(
        tenant=tenant,
        person=person,
        purpose=purpose,
        decision=decision,
        notice=notice,
        notice_hash=notice.content_hash,
        language=language,
        decided_at=_after_all_before(person),
        ends_on=ends_on_of(tenant=tenant, person=person, given_on=paper.signed_on if paper else None)
        if decision == ConsentDecision.AGREE
        else None,
        given_by=GivenBy.GUARDIAN if guardian else GivenBy.PERSON,
        guardian=guardian,
        channel=ConsentChannel.DESK_PAPER if paper else ConsentChannel.LINK,
        paper=paper,
    )
    consent.full_clean()
    consent.save()
    if all(status == ConsentStatus.AGREED for status in consent_statuses(person).values()):
        if person.face_state in {FaceState.INVITED, FaceState.ERASED}:
            move_face(person=person, target=FaceState.CONSENTED)
        elif person.face_state == FaceState.SUSPENDED:
            move_face(person=person, target=FaceState.ENROLLED)
    person_changed(person=person)
    return consent


def _require_notice_holds(*, tenant: Property, notice: Notice, decision: ConsentDecision, is_on_paper: bool) -> None:
    """Raise ValidationError unless an answer to this version counts today.

    On screen that is the version in force. A sheet was signed on an earlier day, to the version of that day, which
    `desk` has looked at: a yes counts while consents to it hold, and a no always does (PIPL 14, 15).
    """
    if is_on_paper and decision == ConsentDecision.DECLINE:
        return
    if is_on_paper:
        oldest = oldest_valid_version(tenant)
        holds = oldest is not None and notice.version >= oldest
    else:
        current = Notice.objects.filter(tenant=tenant).current()
        holds = current is not None and current.pk == notice.pk
    if not holds:
        raise ValidationError(_("The notice has changed. Please read the new one first."), code="notice_changed")


def _after_all_before(person: Person) -> datetime:
    """Return now, or just after the latest answer when the clock was set back: the last word must stay the last."""
    last = Consent.objects.filter(person=person).order_by("-decided_at").values_list("decided_at", flat=True).first()
    before = [moment + timedelta(microseconds=1) for moment in (last, person.face_ended_at) if moment is not None]
    return max([timezone.now(), *before])


def ends_on_of(*, tenant: Property, person: Person, given_on: date | None = None) -> date:
    """Return until when a yes given on a day, today unless told, would hold: shown before it is given."""
    until = person.age_band_until if person.band == AgeBand.UNDER_14 else None
    return consent_ends_on(today=given_on or timezone.localdate(), face_days=tenant.face_days, band_until=until)
