"""Inviting somebody by a message: the same rules as at the desk, and a worker who sends it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Membership, Property, User
from tenants.organizations.scoping import require_same_tenant
from tenants.people import senders
from tenants.people.kinds import AgeBand, PromptChannel
from tenants.people.models import Invitation, Person, PersonIdentity
from tenants.people.services import prompts
from tenants.people.tasks import queue_invitation


def address_of(*, person: Person, channel: PromptChannel | str) -> str:
    """Return where a message of this channel goes, as the record has it now; an empty string for nowhere."""
    identity = PersonIdentity.objects.filter(person=person).first()
    if identity is None or channel == PromptChannel.DESK:
        return ""
    return identity.phone if channel == PromptChannel.SMS else identity.email


def channels_for(*, person: Person) -> dict[PromptChannel, str]:
    """Return each channel that is offered here and has an address on file, with the address."""
    found = {channel: address_of(person=person, channel=channel) for channel in senders.channels()}
    return {channel: address for channel, address in found.items() if address}


@transaction.atomic
def invite_by_message(*, tenant: Property, person: Person, channel: PromptChannel | str, actor: User) -> Invitation:
    """Ask somebody by a message with their personal link; a worker makes the link and sends it.

    Raises ValidationError without a sender (`no_sender`) or an address (`no_address`), for a child, whose
    guardian is invited instead (`needs_guardian`), and for whatever `prompts.require_may_prompt` refuses.
    """
    require_same_tenant(tenant, person)
    if not Membership.objects.filter(tenant=tenant, user=actor, is_active=True).exists():
        raise ValidationError(_("Who asks must be a member here."), code="not_a_member")
    if channel not in senders.channels():
        raise ValidationError(_("Messages of this kind are not sent here."), code="no_sender")
    if person.band == AgeBand.UNDER_14 and tenant.allows_under_14:
        message = _("A child under 14 is not invited. Invite the guardian, who answers on the guardian's own page.")
        raise ValidationError(message, code="needs_guardian")
    # One message asks all of them; it is tied to the first, and the others share its moment.
    prompt, *_others = prompts.record(person=person, channel=channel)
    if not address_of(person=person, channel=channel):
        message = (
            _("There is no phone number on file.")
            if channel == PromptChannel.SMS
            else _("There is no e-mail address on file.")
        )
        raise ValidationError(message, code="no_address")
    invitation = Invitation(
        tenant=tenant,
        person=person,
        prompt=prompt,
        channel=channel,
        asked_by=actor,
        asked_at=prompt.prompted_at,
        next_try_at=prompt.prompted_at,
    )
    invitation.full_clean()
    invitation.save()
    queue_invitation(invitation)
    return invitation
