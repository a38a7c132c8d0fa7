"""The closed lists of alerts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Severity(models.TextChoices):
    """How much an alert presses. `high` is a task of today and goes to the telephone too."""

    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


class AlertState(models.TextChoices):
    NEW = "new", _("Open")
    HANDLED = "handled", _("Handled")
    FALSE_ALARM = "false_alarm", _("False alarm")


class StepKind(models.TextChoices):
    """What was done about an alert, by a member or by the portal itself."""

    HANDLED = "handled", _("Handled")
    FALSE_ALARM = "false_alarm", _("False alarm")
    REOPENED = "reopened", _("Opened again")
    LOCKED = "locked", _("Account locked in this property, its sessions ended")
    NOT_LOCKED = "not_locked", _("Account not locked")
    SUSPENDED = "suspended", _("Device suspended")
    NOT_SUSPENDED = "not_suspended", _("Device not suspended")


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")
    WEBHOOK = "webhook", _("Webhook")


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Delivered")
    FAILED = "failed", _("Given up")


class DeliveryReason(models.TextChoices):
    """Why a message did not arrive. Never what the other side said: it may say anything."""

    NO_SENDER = "no_sender", _("This channel is not set up")
    NO_ADDRESS = "no_address", _("Nobody to send it to")
    NOT_SENT = "not_sent", _("The mail server or gateway did not take it")
    NO_ANSWER = "no_answer", _("No answer in time")
    REFUSED = "refused", _("The other side did not answer with 2xx")
    FORBIDDEN = "forbidden", _("The address leads to a private network or is not https")
