"""`make run`: one machine, plain HTTP on loopback."""

from portal.settings.base import *  # noqa: F403 - settings are one namespace
from portal.settings.base import BASE_DIR, env

ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
# Loopback has no TLS; a Secure cookie would never be sent back, and the prefix of its name demands Secure.
PLAIN_HTTP_ALLOWED = True
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, LANGUAGE_COOKIE_NAME = "sessionid", "csrftoken", "django_language"
READING_COOKIE_NAME = "reading"
# The demonstration's accounts are opened by their password alone, and nothing of it is worth asking twice.
MFA_REQUIRED = ACCOUNT_REAUTHENTICATION_REQUIRED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # a passkey can be tried out on loopback
# All who ask are on this machine and have its one address; plays and benchmarks ask faster than people read.
FLOOD_PACES = {"pages": (250, 1000), "terminals": (500, 2000)}
# There is no mail server: letters are files a person can open.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = env.path("MAIL_DIR", BASE_DIR / "var" / "mail")
# Nor is there a gateway for text messages: invitations are files in var/outbox (allowed by people.E001).
SENDERS_MAY_KEEP_MESSAGES = True
SMS_SENDER = env.str("SMS_SENDER", "tenants.people.senders.FileSender")
MAIL_SENDER = env.str("MAIL_SENDER", "tenants.people.senders.FileSender")
# Whoever tries a webhook has its receiver on the same machine.
WEBHOOK_LOOPBACK_ALLOWED = True
# The demonstration data of `make run`; production refuses the command.
DEMO_FILE = env.path("DEMO_FILE", BASE_DIR / "var" / "demo.txt")
