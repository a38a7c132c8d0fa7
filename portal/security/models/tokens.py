"""The keys with which a member's own programs ask the API."""

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Membership, User
from tenants.organizations.scoping import TenantOwned

LONGEST = timedelta(days=365)


class ApiToken(TenantOwned):
    """A token of one member for one property. Its text is shown once; only the hash of it is kept.

    `scopes` are permissions, and the most that it may do: less as soon as the member may do less. Nothing of it changes
    later but when it was last used (to the minute) and that it ended.
    """

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(_("What it is for"), max_length=80)
    scopes = ArrayField(models.CharField(max_length=40))
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    # None where it ended with the membership.
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        constraints = [
            models.CheckConstraint(
                name="apitoken_ends_within_a_year",
                condition=Q(expires_at__gt=F("created_at")) & Q(expires_at__lte=F("created_at") + LONGEST),
                violation_error_message=_("An API token ends within a year."),
            ),
            models.CheckConstraint(
                name="apitoken_may_do_something",
                condition=~Q(scopes=[]),
                violation_error_message=_("Choose at least one thing that the token may do."),
            ),
        ]

    def is_live(self, now: datetime) -> bool:
        """Say whether it has neither ended nor been stopped; the membership is asked for apart."""
        return self.revoked_at is None and self.expires_at > now
