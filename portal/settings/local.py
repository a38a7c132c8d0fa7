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
# There is no mail server: letters are files a person can open.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = env.path("MAIL_DIR", BASE_DIR / "var" / "mail")
# Nor is there a gateway for text messages: invitations are files in var/outbox (allowed by people.E001).
SENDERS_MAY_KEEP_MESSAGES = True
SMS_SENDER = env.str("SMS_SENDER", "tenants.people.senders.FileSender")
MAIL_SENDER = env.str("MAIL_SENDER", "tenants.people.senders.FileSender")
# The demonstration data of `make run`; production refuses the command.
DEMO_FILE = env.path("DEMO_FILE", BASE_DIR / "var" / "demo.txt")
