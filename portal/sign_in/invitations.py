"""How a new member comes to a first password: by a letter that is good for a week and once.

The link is signed and names the moment it was sent at: a newer letter ends an older one, and so does a password.
"""

import logging
import uuid
from datetime import timedelta
from smtplib import SMTPException

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import EmailAddress, Login
from django.conf import settings
from django.contrib.auth import logout
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import User
from tenants.organizations.services import users

logger = logging.getLogger(__name__)
_SALT = "portal.sign_in.invitations"


def send(request: HttpRequest | None, *, user: User) -> bool:
    """Send the letter and say whether the mail server took it. The address is not logged.

    Without a request, on the command line, the letter leads to PUBLIC_URL. Raises ValidationError for somebody who
    has a password already, and where nobody said what PUBLIC_URL is.
    """
    if request is None and not settings.PUBLIC_URL:
        raise ValidationError(_("Set PUBLIC_URL first: the letter has to lead somewhere."), code="no_public_url")
    user = users.invite(user=user)
    token = signing.dumps([str(user.pk), _moment(user)], salt=_SALT)
    path = reverse("account_invitation", args=[token])
    address = request.build_absolute_uri(path) if request else settings.PUBLIC_URL.rstrip("/") + path
    letter = {"invitation_url": address, "until": user.invited_until}
    adapter = get_adapter(request)
    try:
        if request:
            adapter.send_mail("account/email/invitation", user.email, letter)
        else:
            adapter.render_mail("account/email/invitation", user.email, letter | {"email": user.email}).send()
    except (SMTPException, OSError):
        logger.exception("A letter of invitation could not be sent")
        return False
    return True


def find(token: str) -> User | None:
    """Return who was invited by this link, None when it is wrong, over or used."""
    try:
        pk, moment = signing.loads(token, salt=_SALT, max_age=timedelta(days=settings.INVITATION_DAYS))
        user = User.objects.filter(pk=uuid.UUID(pk), is_active=True).first()
    except (signing.BadSignature, ValueError):
        return None
    return user if user and not user.has_usable_password() and _moment(user) == moment else None


def accept(request: HttpRequest, *, token: str, password: str) -> HttpResponse:
    """Set the first password and sign in; the second factor comes next. Of two at once one is too late."""
    with transaction.atomic():
        invited = find(token)
        if invited is None or not users.accept_invitation(user=invited, password=password):
            return redirect("account_invitation", token)
    invited.refresh_from_db()
    # The letter reached its address.
    EmailAddress.objects.update_or_create(
        user=invited, email=invited.email, defaults={"verified": True, "primary": True}
    )
    if request.user.is_authenticated:
        logout(request)
    record_authentication(request, invited, method="password")
    return perform_login(request, Login(user=invited))


def _moment(user: User) -> str:
    return user.invited_at.isoformat() if user.invited_at else ""
