"""The desk path: an answer signed on paper, for whoever has no phone or wants a person beside them.

(Accessibility Law 39, 40; Measures Art 5.) Staff write down what was signed; they cannot answer for anyone:
without the scan of the signed sheet nothing is recorded, and one sheet carries one answer of one person.
"""

import hashlib
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Membership, Property, User
from tenants.organizations.scoping import require_same_tenant
from tenants.people.kinds import ConsentChannel, ConsentDecision, ConsentPurpose, WithdrawnBy
from tenants.people.models import Consent, Guardian, PaperForm, Person
from tenants.people.rules.papers import MAX_BYTES, scan_type
from tenants.people.services.consents import transcribe
from tenants.transparency.models import Notice
from tenants.transparency.rules.versions import in_force_during
from tenants.transparency.services.notices import hold

OWN_NO_HOLDS = timedelta(hours=48)
ON_PAPER = frozenset({WithdrawnBy.PERSON_SHEET, WithdrawnBy.GUARDIAN_SHEET})


@transaction.atomic
def record_paper_consent(
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
    """Record one answer that was signed on paper, with who assisted and whether the notice was read aloud.

    `notice` is the version printed on the sheet, and `scan` a PDF, JPEG or PNG of it. Raises ValidationError without
    the scan, for a sheet used before, a day on which this version was not in force, a no that the person gave by
    themselves in the last 48 hours, anything said on or after the day of the signature that outweighs it, and for
    whatever `consents.decide` refuses.
    """
    require_same_tenant(tenant, person, notice, guardian)
    if not Membership.objects.filter(tenant=tenant, user=assisted_by, is_active=True).exists():
        raise ValidationError(_("Who assisted must be a member here."), code="not_a_member")
    hold(notice)
    person = Person.objects.select_for_update().get(pk=person.pk)
    _require_scan(scan)
    _require_day(signed_on, notice)
    _require_no_later_answer(person, ConsentPurpose(purpose), ConsentDecision(decision), signed_on)
    paper = PaperForm(
        tenant=tenant,
        person=person,
        guardian=guardian,
        purpose=ConsentPurpose(purpose),
        decision=ConsentDecision(decision),
        notice=notice,
        language=language,
        signed_on=signed_on,
        was_read_aloud=was_read_aloud,
        assisted_by=assisted_by,
        scan=scan,
        scan_sha256=hashlib.sha256(scan).hexdigest(),
    )
    paper.full_clean()
    paper.save()
    return transcribe(paper=paper)


def _require_scan(scan: bytes) -> None:
    if not scan:
        message = _("Add the scan of the signed sheet. Without it nothing is recorded.")
        raise ValidationError({"scan": ValidationError(message, code="required")})
    if len(scan) > MAX_BYTES:
        raise ValidationError({"scan": ValidationError(_("The scan is larger than 5 MB."), code="too_large")})
    if scan_type(scan) is None:
        raise ValidationError({"scan": ValidationError(_("This is no complete PDF, JPEG or PNG."), code="not_a_scan")})


def _require_day(signed_on: date, notice: Notice) -> None:
    if signed_on > timezone.localdate():
        raise ValidationError({"signed_on": ValidationError(_("This day is still to come."), code="future")})
    if notice.published_at is None or notice.effective_on is None:
        raise ValidationError({"notice": ValidationError(_("This version is not published."), code="not_published")})
    if signed_on < max(timezone.localdate(notice.published_at), notice.effective_on):
        message = _("On this day this version was not in force yet. Look at the version on the sheet.")
        raise ValidationError({"signed_on": ValidationError(message, code="before_notice")})
    versions = Notice.objects.filter(tenant=notice.tenant_id).facts()
    if notice.version not in in_force_during(versions, on=signed_on):
        message = _("On this day a later version was in force already. Look at the version on the sheet.")
        raise ValidationError({"signed_on": ValidationError(message, code="after_notice")})


def _require_no_later_answer(
    person: Person, purpose: ConsentPurpose, decision: ConsentDecision, signed_on: date
) -> None:
    """Whatever was said since outweighs a sheet that somebody else hands in, and a no outweighs a yes of the same day.

    What was taken back counts whichever question it was about, and however it was taken back: a sheet scanned
    again after that must not bring the yes back.
    """
    said = list(Consent.objects.filter(person=person).select_related("paper").defer("paper__scan"))
    answers = [row for row in said if row.purpose == purpose]
    taken_back = [(row.withdrawn_at, row.withdrawn_by) for row in said if row.withdrawn_at is not None]
    refused = [row for row in answers if row.decision == ConsentDecision.DECLINE]
    if decision == ConsentDecision.AGREE:
        moments = [moment for moment, by in taken_back if by not in ON_PAPER]
        moments += [row.decided_at for row in refused if row.channel == ConsentChannel.LINK]
        if any(moment > timezone.now() - OWN_NO_HOLDS for moment in moments):
            message = _("The person said no by themselves within the last 48 hours. That answer holds.")
            raise ValidationError(message, code="refused_before")
        days = [timezone.localdate(moment) for moment, _by in taken_back] + [_day_of(row) for row in refused]
        if any(day >= signed_on for day in days):
            message = _("The person said no on this day or since. A new yes needs a sheet of a later day.")
            raise ValidationError(message, code="answered_since")
    if any(_day_of(row) > signed_on for row in answers):
        raise ValidationError(_("The person has answered since this day."), code="answered_since")


def _day_of(row: Consent) -> date:
    """Return the Beijing day of an answer: on paper that of the signature."""
    return row.paper.signed_on if row.paper else timezone.localdate(row.decided_at)
