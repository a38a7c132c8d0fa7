"""What nobody has a reason to touch."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned


class Decoy(TenantOwned):
    """A person who does not exist, or an API token that nobody works with: `subject` is "person:<id>" or "token:<id>".

    Which records are decoys is known to those who lay them out; lists and pages show them like all others.
    """

    subject = models.CharField(max_length=100)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("decoy")
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "subject"],
                name="one_live_decoy_per_subject",
                condition=Q(ended_at__isnull=True),
                violation_error_message=_("This is a decoy already."),
            )
        ]
