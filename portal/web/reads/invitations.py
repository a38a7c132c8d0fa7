"""How somebody can be invited by a message, and how far the last one has come."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.people.kinds import InvitationState, PromptChannel
from tenants.people.models import Invitation, Person
from tenants.people.rules.invitations import sentence
from tenants.people.rules.masks import mask_email, mask_phone
from tenants.people.services.invitations import channels_for

TONES = {
    InvitationState.QUEUED: "info",
    InvitationState.SENT: "ok",
    InvitationState.FAILED: "due",
    InvitationState.GIVEN_UP: "neutral",
}


@dataclass(frozen=True)
class Way:
    """A channel that is set up and has an address on file, which is shown masked."""

    channel: PromptChannel
    masked: str


def ways(person: Person) -> list[Way]:
    masks = {PromptChannel.SMS: mask_phone, PromptChannel.EMAIL: mask_email}
    return [Way(channel, masks[channel](address)) for channel, address in channels_for(person=person).items()]


@dataclass(frozen=True)
class Shown:
    """The last invitation in words. `advice` says why it was not sent and what to do."""

    row: Invitation
    tone: str
    advice: str | Promise


def last_invitation(person: Person) -> Shown | None:
    row = person.invitations.select_related("asked_by").first()
    if row is None:
        return None
    state = InvitationState(row.state)
    advice: str | Promise = sentence(row.reason) if state in {InvitationState.FAILED, InvitationState.GIVEN_UP} else ""
    if state == InvitationState.QUEUED and row.reason:
        advice = _("The first attempt failed; another one follows by itself.")
    return Shown(row=row, tone=TONES[state], advice=advice)
