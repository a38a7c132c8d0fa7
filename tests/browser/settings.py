"""The settings of `make run` for the stage of these tests: one language more, which no portal has (pseudo.py)."""

from portal.settings.local import *  # noqa: F403 - settings are one namespace
from portal.settings.local import LANGUAGES, LOCALE_PATHS, env

LANGUAGES = [*LANGUAGES, ("en-xa", "…")]  # type: ignore[list-item]  # its name needs no translation
# The first folder wins, and the others offer English for every kind of English.
LOCALE_PATHS = [env.path("PSEUDO_LOCALE"), *LOCALE_PATHS]
# Two hundred times somebody signs in here; what a slow hash is for, the rehearsal has.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
