"""Where a property's programs listen."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned


class WebhookEndpoint(TenantOwned):
    """One address and the events that are sent there (webhooks/events.py).

    Its secret is not here: it is derived from the portal's own key and `secret_salt` (alerts/hooks.py). Until
    `earlier_until` the one of `earlier_salt` signs beside it. An ended one has no address.
    """

    name = models.CharField(_("What it is for"), max_length=80, blank=True)
    url = models.CharField(_("Address"), max_length=500, blank=True)
    events = ArrayField(models.CharField(max_length=40), verbose_name=_("Events"))
    secret_salt = models.CharField(max_length=64)
    earlier_salt = models.CharField(max_length=64, blank=True)
    earlier_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("webhook")
        indexes = [models.Index(fields=["tenant"], name="webhook_that_listens", condition=Q(ended_at__isnull=True))]
        constraints = [
            models.CheckConstraint(
                name="webhook_has_an_address_until_it_ends",
                condition=Q(ended_at__isnull=False, url="") | (Q(ended_at__isnull=True) & ~Q(url="")),
            ),
            models.CheckConstraint(name="webhook_tells_something", condition=~Q(events=[])),
        ]
