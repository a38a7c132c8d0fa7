"""Tests: the same application, made quick and quiet."""

from portal.settings.base import *  # noqa: F403 - settings are one namespace
from portal.settings.base import env
from portal.settings.keys import secret

INSTALLED_APPS = [*INSTALLED_APPS, "tests"]  # its command `flush` goes before Django's
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
# The test client speaks plain HTTP; the prefix of a cookie's name demands Secure.
PLAIN_HTTP_ALLOWED = True
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, LANGUAGE_COOKIE_NAME = "sessionid", "csrftoken", "django_language"
READING_COOKIE_NAME = "reading"
# Most tests are about what comes after signing in; tests/portal/accounts switches both on.
MFA_REQUIRED = ACCOUNT_REAUTHENTICATION_REQUIRED = False
# Sweeps ask thousands of times a second from one address; tests/portal/test_flood.py switches it on.
FLOOD_PACES = {}
# A slow hash protects real passwords; tests have none.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Invitations are files in the scratch folder of the run, gone when it ends.
SENDERS_MAY_KEEP_MESSAGES = True
SMS_SENDER = MAIL_SENDER = "tenants.people.senders.FileSender"
PUBLIC_URL = "https://portal.example"
WEBHOOK_LOOPBACK_ALLOWED = True  # the receivers of tests are on this machine
# No manifest: tests render pages without collecting files first.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True  # no collected folder to index
# One test process plays the web and the recognition role in turn (tests/conftest.py), so it has the keys of both.
MASTER_KEY = secret("MASTER_KEY")
MASTER_KEY_NEXT = secret("MASTER_KEY_NEXT")
CAPTURE_KEY = secret("CAPTURE_KEY")
EVIDENCE_KEY = secret("EVIDENCE_KEY")
TESTING = True  # allows the fake engine (engine.E001)
FACE_ENGINE = "tests.fakes.FakeEngine"
# Parallel test processes share one Valkey; each has a database of its own there, since tests empty it.
_WORKER = int(env.str("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
LEDGER_DIR = LEDGER_DIR / str(_WORKER)  # and a ledger of that database
AUDIT_ANCHOR_DIR = LEDGER_DIR.parent / f"audit-{_WORKER}"
CACHES["default"]["LOCATION"] = CACHES["default"]["LOCATION"].replace("db=1", f"db={2 + _WORKER}")
