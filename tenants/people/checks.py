"""Misconfiguration of messages to people, said before one goes astray."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from tenants.people.senders import SETTINGS, ConsoleSender, FileSender, HttpSmsSender, SmtpSender
from tenants.people.senders.gateway import is_loopback, is_private


def _class_of(name: str) -> type | None:
    """Return the sender that a setting names, or None when there is no such class."""
    try:
        found = import_string(getattr(settings, name))
    except ImportError:
        return None
    return found if isinstance(found, type) else None


@register()
def senders_are_real(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A message that is only kept here reaches nobody, and its personal link lies about in clear."""
    may_keep = settings.DEBUG or getattr(settings, "SENDERS_MAY_KEEP_MESSAGES", False)
    found: list[CheckMessage] = []
    for name in SETTINGS.values():
        path = getattr(settings, name)
        sender = _class_of(name)
        if path and sender is None:
            hint = "Name a class of tenants.people.senders, or leave the setting empty."
            found.append(Error(f"{name} is {path}, which does not exist.", hint=hint, id="people.E002"))
        elif sender and not may_keep and issubclass(sender, ConsoleSender | FileSender):
            hint = "Use SmtpSender or HttpSmsSender of tenants.people.senders, or leave the setting empty."
            found.append(Error(f"{name} is {path}, which sends nothing.", hint=hint, id="people.E001"))
    return found


@register()
def gateway_is_private(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Phone numbers and personal links go there: never in clear over a network, never without a key."""
    if _class_of("SMS_SENDER") is not HttpSmsSender:
        return []
    found: list[CheckMessage] = []
    if not is_private(settings.SMS_GATEWAY_URL):
        hint = "Set SMS_GATEWAY_URL to an https:// address (plain http:// is for this machine's loopback only)."
        found.append(Error("The address of the SMS gateway is not private.", hint=hint, id="people.E003"))
    # Only the web role gets the key (portal/settings/base.py).
    if settings.CONSENTRY_ROLE == "web" and not settings.SMS_GATEWAY_KEY:
        hint = "Set SMS_GATEWAY_KEY or SMS_GATEWAY_KEY_FILE."
        found.append(Error("The SMS gateway has no key.", hint=hint, id="people.E004"))
    return found


@register()
def mail_is_private(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A scheme that the mail library does not know, such as smtp+tls, is silently sent in clear."""
    is_in_clear = not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL or is_loopback(settings.EMAIL_HOST))
    if _class_of("MAIL_SENDER") is not SmtpSender or not is_in_clear:
        return []
    hint = "Write EMAIL_URL as submission://… (STARTTLS) or smtp://…/?ssl=True."
    return [Error("Letters with personal links would go to the mail server in clear.", hint=hint, id="people.E006")]


@register()
def personal_links_have_an_address(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A link in a message must lead to this portal, and its secret must not travel in clear."""
    if not any(getattr(settings, name) for name in SETTINGS.values()) or is_private(settings.PUBLIC_URL):
        return []
    hint = "Set PUBLIC_URL to the portal's https:// address, or leave SMS_SENDER and MAIL_SENDER empty."
    return [Error("Messages are offered, but PUBLIC_URL is no private address.", hint=hint, id="people.E005")]
