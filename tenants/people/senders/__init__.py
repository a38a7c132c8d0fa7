"""Ways to send a message to somebody: one per channel, chosen by the settings. Empty: the channel is not offered."""

from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from tenants.people.kinds import PromptChannel
from tenants.people.senders.gateway import HttpSmsSender
from tenants.people.senders.kept import ConsoleSender, FileSender
from tenants.people.senders.mail import SmtpSender
from tenants.people.senders.protocol import NotSent, Sender

__all__ = ["ConsoleSender", "FileSender", "HttpSmsSender", "NotSent", "Sender", "SmtpSender", "channels", "sender_for"]

SETTINGS = {PromptChannel.SMS: "SMS_SENDER", PromptChannel.EMAIL: "MAIL_SENDER"}


def channels() -> list[PromptChannel]:
    """Return the channels that are offered. Without the portal's own address no message could carry a link."""
    return [channel for channel, name in SETTINGS.items() if settings.PUBLIC_URL and getattr(settings, name)]


def sender_for(channel: PromptChannel | str) -> Sender | None:
    """Return a channel's sender, or None when the channel is not offered."""
    if channel not in channels():
        return None
    return cast(Sender, import_string(getattr(settings, SETTINGS[PromptChannel(channel)]))())
