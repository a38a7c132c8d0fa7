"""Steps of an invitation, for the tests of asking and of sending."""

from datetime import timedelta

from tenants.organizations.models import User
from tenants.people import jobs
from tenants.people.models import Invitation, Person
from tenants.people.services.invitations import invite_by_message


def invite(person: Person, actor: User, channel: str = "sms") -> Invitation:
    return invite_by_message(tenant=person.tenant, person=person, channel=channel, actor=actor)


def send(invitation: Invitation) -> Invitation:
    jobs.send_invitation(tenant_id=invitation.tenant_id, invitation_id=invitation.pk)
    return Invitation.objects.get(pk=invitation.pk)


def pass_time(invitation: Invitation, passed: timedelta) -> None:
    """Let time pass, as the database sees it; the web role may change no more than `next_try_at`."""
    assert invitation.next_try_at
    invitation.next_try_at -= passed
    invitation.save(update_fields=["next_try_at"])
