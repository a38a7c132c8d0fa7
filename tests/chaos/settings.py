"""The settings of `make run`, but for the static files and the addresses of those who ask."""

from portal.settings.local import *  # noqa: F403

# Compressing the static files takes longer than the short play.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# As behind a proxy: each resident asks from an address of their own, and no limit has to be loosened.
TRUSTED_PROXIES = ["127.0.0.1"]
