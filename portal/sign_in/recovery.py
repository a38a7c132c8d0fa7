"""When somebody lost the second factor and the recovery codes: they begin anew, as they once began (ASVS 6.4.4)."""

from allauth.mfa.models import Authenticator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from portal.security import tokens
from portal.sign_in import sessions
from tenants.organizations.models import User
from tenants.organizations.services import users
from tenants.organizations.trail import Happening, Kind, note


class Proof(models.TextChoices):
    """How platform staff made sure who asks. As sure as when an owner first invited them, and never by mail alone."""

    OWNER = "owner", _("An owner of their property vouches for them")
    IN_PERSON = "in_person", _("They came in person with their papers")
    CALL_BACK = "call_back", _("Called back at the number that the handler gave")


@transaction.atomic
def begin_anew(*, user: User, actor: User, proof: Proof) -> None:
    """Take off password and second factors, sign out everywhere and stop every API token.

    Only a letter of invitation opens the account again.

    Raises ValidationError for one's own account, and for a superuser's when the actor is none.
    """
    user = users.forget_password(user=user, actor=actor)
    Authenticator.objects.filter(user=user).delete()
    sessions.end_all(user=user)
    tokens.end_all(user=user)
    facts = {"proof": proof.value}
    note(Happening(kind=Kind.SIGN_IN_RESET, actor=f"user:{actor.pk}", subject=f"user:{user.pk}", facts=facts))
