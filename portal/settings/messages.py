"""What leaves for people's mailboxes and phones. Secrets stay in `base`, which knows what this process is."""

from pathlib import Path

from environs import Env

_env = Env()
_ROOT = Path(__file__).resolve().parents[2]

# -- Mail ------------------------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
_MAIL = _env.dj_email_url("EMAIL_URL", "smtp://localhost:25")
vars().update(_MAIL)
EMAIL_TIMEOUT = _MAIL["EMAIL_TIMEOUT"] or 10  # a mail server that hangs must not hang a page
DEFAULT_FROM_EMAIL = _env.str("DEFAULT_FROM_EMAIL", "Consentry <no-reply@localhost>")
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[知门 Consentry] "

# -- Invitations (tenants/people/senders) ----------------------------------------------------------
# Where people reach this portal. A worker has no request to read it from; without it no message is offered.
PUBLIC_URL = _env.str("PUBLIC_URL", "")
# A dotted path each; empty: this channel is not offered.
MAIL_SENDER = _env.str("MAIL_SENDER", "tenants.people.senders.SmtpSender" if _env.str("EMAIL_URL", "") else "")
SMS_SENDER = _env.str("SMS_SENDER", "")
SMS_GATEWAY_URL = _env.str("SMS_GATEWAY_URL", "")
# Webhooks go to https on the open internet. Plain HTTP to this machine only in `local` and `test`.
WEBHOOK_LOOPBACK_ALLOWED = False
OUTBOX_DIR = _env.path("OUTBOX_DIR", _ROOT / "var" / "outbox")  # of the file sender, which production refuses
