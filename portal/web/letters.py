"""The letter with which a new member sets the first password: allauth's own, with its own secret."""

import logging
from smtplib import SMTPException

from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest

logger = logging.getLogger(__name__)


def send_set_password(request: HttpRequest, *, email: str) -> bool:
    """Send the letter and say whether the mail server took it. The address is not logged."""
    form = ResetPasswordForm({"email": email})
    if not form.is_valid():
        return False
    try:
        form.save(request)
    except (SMTPException, OSError):
        logger.exception("A set-password letter could not be sent")
        return False
    return True
