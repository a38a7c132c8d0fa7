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
from tenants.people.kinds import ConsentChannel, ConsentDecision, ConsentPurpose
from tenants.people.models import Consent, Guardian, PaperForm, Person
from tenants.people.rules.papers import MAX_BYTES, scan_type
from tenants.people.services.consents import transcribe
from tenants.transparency.models import Notice
from tenants.transparency.services.notices import hold

OWN_NO_HOLDS = timedelta(hours=48)


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

    `scan` is a PDF, JPEG or PNG of the signed sheet. Raises ValidationError without it, for a sheet used
    before, a day that cannot be, a no that the person gave by themselves in the last 48 hours or an answer
    after the signature, and for whatever `consents.decide` refuses.
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
    if notice.published_at is not None and signed_on < timezone.localdate(notice.published_at):
        message = _("On this day the notice was not published yet.")
        raise ValidationError({"signed_on": ValidationError(message, code="before_notice")})


def _require_no_later_answer(
    person: Person, purpose: ConsentPurpose, decision: ConsentDecision, signed_on: date
) -> None:
    """What the person said by themselves outweighs a sheet that somebody else hands in."""
    own = Consent.objects.filter(person=person, purpose=purpose, channel=ConsentChannel.LINK).order_by("-decided_at")
    last = own.first()
    if last is None:
        return
    said_no = last.withdrawn_at or (last.decided_at if last.decision == ConsentDecision.DECLINE else None)
    if decision == ConsentDecision.AGREE and said_no is not None and said_no > timezone.now() - OWN_NO_HOLDS:
        message = _("The person said no by themselves within the last 48 hours. That answer holds.")
        raise ValidationError(message, code="refused_before")
    if timezone.localdate(said_no or last.decided_at) > signed_on:
        raise ValidationError(_("The person has answered by themselves since this day."), code="answered_since")
