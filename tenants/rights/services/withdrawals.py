"""Answers that end a face: withdrawing, and saying no to a changed notice (PIPL 15; Measures Art 6)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.people.kinds import ConsentDecision, ConsentPurpose, FaceState
from tenants.people.models import Consent, Person
from tenants.people.services.consents import decide
from tenants.people.services.links import Visit
from tenants.rights.kinds import ErasureReason
from tenants.rights.models import Erasure
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
    """End every consent of the person and erase the face. Only the person can, by their own link.

    Raises ValidationError when there is nothing to withdraw.
    """
    # The person first, as when a consent is given: an answer given at this moment must not survive the withdrawal.
    Person.objects.select_for_update().get(pk=visit.person.pk)
    given = Consent.objects.select_for_update().filter(
        person=visit.person, decision=ConsentDecision.AGREE, withdrawn_at__isnull=True
    )
    rows = list(given)
    if not rows:
        raise ValidationError(_("You have not agreed to anything, so there is nothing to stop."), code="nothing_given")
    for consent in rows:
        consent.withdrawn_at = timezone.now()
        consent.save()
    return order_erasure(tenant=visit.tenant, person=visit.person, reason=ErasureReason.WITHDRAWN)
