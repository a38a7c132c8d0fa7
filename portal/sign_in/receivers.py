"""What follows when somebody signed in, proved again who they are, or added a factor."""

from typing import Any

from allauth.account.signals import authentication_step_completed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from portal.sign_in.second_factor import FACTORS
from portal.sign_in.sessions import begin, renew_key
from tenants.organizations.models import User


@receiver(user_logged_in, dispatch_uid="sign_in.begin")
def after_signing_in(request: HttpRequest, **_kwargs: Any) -> None:
    begin(request)


@receiver(authentication_step_completed, dispatch_uid="sign_in.renew_key")
def after_a_proof(request: HttpRequest, *, reauthenticated: bool = False, **_kwargs: Any) -> None:
    """A key that was copied before is of no use for what is sensitive."""
    if reauthenticated:
        renew_key(request)


@receiver(authenticator_added, dispatch_uid="sign_in.end_other_sessions")
def after_a_factor(request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: Any) -> None:
    """A session that was opened by the password alone ends, wherever it is."""
    if authenticator.type in FACTORS:
        end_other_sessions(request, user)
