"""What the workers do for invitations. Every job may run twice without harm.

The network stands between two transactions, so that no lock waits for it. The first one counts the attempt,
books the next and makes the link; then the message leaves; the second one writes down how it went. If the
worker dies or the second commit fails, the row still says “on its way”, and the sweep tries again after the
pause: at worst the person reads the message twice (thrice, if it happens again; never more). The state never
claims a message that did not leave, and none is lost. Earlier links live until a message has gone out: a
failed one must not cost the person the link they hold, and of several messages the last one's link works.
"""

import logging
import uuid
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.people import senders
from tenants.people.kinds import InvitationReason, InvitationState, LinkReason
from tenants.people.models import Invitation, PersonalLink
from tenants.people.rules.invitations import ATTEMPTS, LATEST, MAY_HAVE_ARRIVED, PAUSES, Message
from tenants.people.rules.invitations import invitation as written
from tenants.people.senders import NotSent, Sender
from tenants.people.services import prompts
from tenants.people.services.invitations import address_of
from tenants.people.services.links import prepare_link, stop_earlier_links, stop_link
from tenants.people.tasks import queue_invitation

logger = logging.getLogger(__name__)

_CALLED_OFF = {
    "refused_before": InvitationReason.REFUSED_BEFORE,
    "nothing_to_ask": InvitationReason.ANSWERED,
    "no_notice": InvitationReason.NO_NOTICE,
    "under_14": InvitationReason.NOT_THE_PERSONS,
    "needs_guardian": InvitationReason.NOT_THE_PERSONS,
}


@dataclass(frozen=True)
class _Letter:
    """Ready to go out. Lives in this process only; its secret is in no repr."""

    link: PersonalLink
    sender: Sender
    to: str = field(repr=False)
    message: Message = field(repr=False)


def send_invitation(*, tenant_id: uuid.UUID, invitation_id: uuid.UUID) -> None:
    """Send one invitation if it is due and the person may still be asked."""
    with tenant_context(tenant_id):
        letter = _take_up(invitation_id)
    if letter is None:
        return
    problem = None
    try:
        letter.sender.send(to=letter.to, subject=letter.message.subject, text=letter.message.text)
    except NotSent as refused:
        problem = refused
    with tenant_context(tenant_id):
        invitation = Invitation.objects.select_for_update().get(pk=invitation_id)
        if problem is None:
            _sent(invitation, letter.link)
        else:
            _not_sent(invitation, letter.link, problem)


def sweep_invitations() -> int:
    """Queue every invitation whose next attempt is due, in every property; return how many."""
    queued = 0
    for tenant in Property.objects.order_by("pk"):
        try:
            with tenant_context(tenant.pk):
                due = Invitation.objects.filter(
                    tenant=tenant, state=InvitationState.QUEUED, next_try_at__lte=timezone.now()
                )
                for invitation in due:
                    queue_invitation(invitation)
                    queued += 1
        except Exception:
            logger.exception("The sweep of invitations of property %s failed.", tenant.pk)
    return queued


def _take_up(invitation_id: uuid.UUID) -> _Letter | None:
    """Count an attempt and return the letter, or None: nothing is due, or it was called off here."""
    now = timezone.now()
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("person__tenant__handler")
    invitation = rows.get(pk=invitation_id)
    if invitation.state != InvitationState.QUEUED or invitation.next_try_at is None or invitation.next_try_at > now:
        return None
    if invitation.attempts >= ATTEMPTS:
        _end(invitation, InvitationState.FAILED, InvitationReason.INTERRUPTED)
        return None
    sender = senders.sender_for(invitation.channel)
    to = address_of(person=invitation.person, channel=invitation.channel)
    obstacle = _obstacle(invitation, has_sender=sender is not None, has_address=bool(to))
    if sender is None or obstacle is not None:
        _end(invitation, InvitationState.GIVEN_UP, obstacle or InvitationReason.NO_SENDER)
        return None
    invitation.next_try_at = now + PAUSES[invitation.attempts]
    invitation.attempts += 1
    _save(invitation)
    tenant = invitation.person.tenant
    link, token = prepare_link(
        tenant=tenant, person=invitation.person, reason=LinkReason.INVITATION, made_by=invitation.asked_by
    )
    message = written(
        name_zh=tenant.name,
        name_en=tenant.name_en,
        handler=tenant.handler.name,
        address=settings.PUBLIC_URL.rstrip("/") + reverse("me", args=[tenant.slug, token]),
    )
    return _Letter(link=link, sender=sender, to=to, message=message)


def _obstacle(invitation: Invitation, *, has_sender: bool, has_address: bool) -> InvitationReason | None:
    """Return what has changed since somebody asked for this message, if it may not go out any more."""
    try:
        prompts.open_questions(person=invitation.person)
    except ValidationError as refused:
        return _CALLED_OFF.get(refused.code or "", InvitationReason.OVER)
    if not has_address:
        return InvitationReason.NO_ADDRESS
    if not has_sender:
        return InvitationReason.NO_SENDER
    return InvitationReason.TOO_LATE if invitation.asked_at < timezone.now() - LATEST else None


def _sent(invitation: Invitation, link: PersonalLink) -> None:
    # Whatever another worker has written meanwhile: this message did go out.
    invitation.sent_at = timezone.now()
    _end(invitation, InvitationState.SENT, None)
    stop_earlier_links(link=link)


def _not_sent(invitation: Invitation, link: PersonalLink, problem: NotSent) -> None:
    logger.warning("Invitation %s was not sent: %s.", invitation.pk, problem.reason)
    if problem.reason not in MAY_HAVE_ARRIVED:
        stop_link(link=link)
    if invitation.state != InvitationState.QUEUED:
        return
    if problem.can_retry and invitation.attempts < ATTEMPTS:
        invitation.reason = problem.reason
        _save(invitation)
    else:
        _end(invitation, InvitationState.FAILED, problem.reason)


def _end(invitation: Invitation, state: InvitationState, reason: InvitationReason | None) -> None:
    invitation.state, invitation.reason, invitation.next_try_at = state, reason or "", None
    _save(invitation)


def _save(invitation: Invitation) -> None:
    # The columns that the web role may change, no others (portal/security/grants.py).
    invitation.save(update_fields=["state", "reason", "attempts", "next_try_at", "sent_at"])
