"""Who read what, and the seals over that and over the log of changes. Rows are only ever added."""

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Cast, Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.trail import Kind

MOST_FACTS = 2_000


class AccessEvent(models.Model):
    """One thing that happened and changed nothing. No foreign key: it outlives what it speaks of.

    `actor` and `subject` name by kind and id ("user:<id>"), never by a name. `tenant` is the property's id, None for
    what belongs to the platform.
    """

    id = models.BigAutoField(primary_key=True)
    tenant = models.UUIDField(null=True, editable=False)
    kind = models.CharField(_("What"), max_length=30, choices=Kind.choices)
    actor = models.CharField(_("Who did it"), max_length=100)
    subject = models.CharField(_("About"), max_length=100, blank=True)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(_("At"), default=timezone.now)

    class Meta:
        verbose_name = _("Access event")
        verbose_name_plural = _("Access events")
        indexes = [models.Index(fields=["tenant", "-at"], name="accessevent_of_a_property")]
        constraints = [
            models.CheckConstraint(
                name="accessevent_facts_are_short",
                condition=LessThanOrEqual(Length(Cast("facts", models.TextField())), MOST_FACTS),
            )
        ]

    def __str__(self) -> str:
        return f"accessevent {self.pk}"


class AuditSeal(models.Model):
    """A signature over some rows of the audit tables and over the seal before.

    `body` is the exact text that is signed. `hashes` are the leaves of the Merkle tree, 32 bytes each: those of
    `entry_ids` first, then those of `access_ids`. All three are bound by the body, so none can be replaced.
    """

    number = models.BigIntegerField(primary_key=True)
    made_at = models.DateTimeField()
    body = models.TextField()
    signature = models.CharField(max_length=88)
    key_id = models.CharField(max_length=16)
    entry_ids = ArrayField(models.BigIntegerField())
    access_ids = ArrayField(models.BigIntegerField())
    hashes = models.BinaryField()

    class Meta:
        verbose_name = _("Seal of the log")

    def __str__(self) -> str:
        return f"auditseal {self.pk}"
