"""Alerts, what was done about them, and the messages that told somebody. Ids and codes only: no name, no contact.

The tables name their property by id as the log does, None for what concerns the whole platform.
"""

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast, Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.security.alerts.kinds import AlertState, Channel, DeliveryReason, DeliveryState, Severity, StepKind
from portal.security.models.audit import MOST_FACTS
from portal.security.models.webhooks import WebhookEndpoint
from portal.security.webhooks.events import TEST, Event
from tenants.organizations import actors
from tenants.organizations.scoping import TenantOwned


class Alert(models.Model):
    """A rule that rang about one subject ("user:<id>", "device:<id>", …), as long as nobody has handled it.

    It rings again into the same row: `count` and `last_at` say how often and until when, `facts` how it was last.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.UUIDField(null=True, editable=False)
    rule = models.CharField(max_length=40)
    severity = models.CharField(_("Severity"), max_length=10, choices=Severity)
    subject = models.CharField(_("About"), max_length=100, blank=True)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    count = models.PositiveIntegerField(_("Times it rang"), default=1)
    first_at = models.DateTimeField(_("First"))
    last_at = models.DateTimeField(_("Last"))
    state = models.CharField(_("State"), max_length=20, choices=AlertState, default=AlertState.NEW)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("Handled by")
    )
    handled_at = models.DateTimeField(_("Handled"), null=True)
    # When those who handle alerts were told; None while they wait for the next summary.
    told_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        indexes = [
            models.Index(fields=["tenant", "-last_at"], name="alert_of_a_property"),
            models.Index(fields=["tenant"], name="alert_nobody_was_told_of", condition=Q(told_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "rule", "subject"],
                name="one_open_alert_per_rule_and_subject",
                condition=Q(state="new"),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="alert_facts_are_short",
                condition=LessThanOrEqual(Length(Cast("facts", models.TextField())), MOST_FACTS),
            ),
        ]

    def __str__(self) -> str:
        return f"alert {self.pk}"

    def get_additional_data(self) -> dict[str, str]:
        """Tell auditlog the tenant, so that a property can read its own log."""
        return actors.said({"tenant": str(self.tenant)} if self.tenant else {})


class AlertStep(models.Model):
    """One thing that was done about an alert. Rows are only ever added. `by` is None for the portal itself."""

    id = models.BigAutoField(primary_key=True)
    tenant = models.UUIDField(null=True, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=20, choices=StepKind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("step of an alert")

    def __str__(self) -> str:
        return f"alertstep {self.pk}"


class AlertDelivery(models.Model):
    """One message: to people about an alert or `more` of them together, to a program about any event.

    To whom is asked when it leaves: `member` and `endpoint` are ids, a telephone number stands in the settings. What
    a program is told is `payload`, ids and codes, as it was when it happened.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.UUIDField(null=True, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, null=True, related_name="deliveries")
    more = models.PositiveIntegerField(default=0)
    channel = models.CharField(max_length=10, choices=Channel)
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, null=True, related_name="deliveries")
    event = models.CharField(max_length=40, blank=True)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    reason = models.CharField(max_length=20, choices=DeliveryReason, blank=True)
    # The HTTP status of the last answer.
    status = models.PositiveSmallIntegerField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("message about an alert")
        indexes = [
            models.Index(fields=["created_at"], name="delivery_by_age", condition=Q(alert__isnull=True) & ~Q(event="")),
            models.Index(fields=["tenant", "-created_at"], name="delivery_of_a_property"),
            models.Index(fields=["tenant", "next_try_at"], name="delivery_that_waits", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"alertdelivery {self.pk}"

    @property
    def event_label(self) -> str:
        """What a program is told of, in words; one of an earlier release is its own name."""
        return str(dict(Event.choices).get(self.event, _("a test") if self.event == TEST else self.event))


class AlertSettings(TenantOwned):
    """How a property is told of alerts, and what the portal may do by itself. Without a row: by mail only."""

    phone = models.CharField(_("Phone on duty"), max_length=40, blank=True)
    locks_accounts = models.BooleanField(_("Lock the account"), default=False)
    suspends_devices = models.BooleanField(_("Suspend the device"), default=False)

    class Meta:
        verbose_name = _("settings of alerts")
        constraints = [models.UniqueConstraint(fields=["tenant"], name="one_settings_of_alerts_per_property")]
