"""E-mail by the server that EMAIL_URL names."""

from dataclasses import dataclass
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

from django.core.mail import EmailMessage

from tenants.people.kinds import InvitationReason
from tenants.people.senders.protocol import NotSent

PERMANENT = 500


@dataclass(frozen=True)
class SmtpSender:
    """Waits no longer than EMAIL_TIMEOUT. What the server says is not passed on: it may name the address."""

    def send(self, *, to: str, subject: str, text: str) -> None:
        # Out-of-office robots answer no letter of a robot (RFC 3834).
        message = EmailMessage(" ".join(subject.split()), text, to=[to], headers={"Auto-Submitted": "auto-generated"})
        try:
            message.send()
        except (SMTPException, OSError, ValueError) as problem:
            raise _not_sent(problem) from None


def _not_sent(problem: Exception) -> NotSent:
    if isinstance(problem, SMTPRecipientsRefused):
        codes = [code for code, _said in problem.recipients.values()]
        return _by_code(max(codes, default=PERMANENT))
    if isinstance(problem, SMTPAuthenticationError | SMTPNotSupportedError | SMTPSenderRefused):
        return NotSent(InvitationReason.NOT_SET_UP, can_retry=True)
    if isinstance(problem, SMTPConnectError | SMTPHeloError):
        return NotSent(InvitationReason.UNREACHABLE, can_retry=True)
    if isinstance(problem, SMTPResponseException):
        return _by_code(problem.smtp_code)
    if isinstance(problem, TimeoutError | SMTPServerDisconnected):
        return NotSent(InvitationReason.NO_ANSWER, can_retry=True)
    if isinstance(problem, OSError):
        return NotSent(InvitationReason.UNREACHABLE, can_retry=True)
    return NotSent(InvitationReason.REFUSED, can_retry=False)  # an address or a header that no letter can have


def _by_code(code: int) -> NotSent:
    """A server's 5xx is its last word, anything else is “not now” (RFC 5321, 4.2.1)."""
    if code >= PERMANENT:
        return NotSent(InvitationReason.REFUSED, can_retry=False)
    return NotSent(InvitationReason.UNREACHABLE, can_retry=True)
