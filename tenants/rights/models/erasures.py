"""An order to erase, its receipts, and the certificate of its end. Evidence: nobody deletes a row of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.people.models import Person
from tenants.rights.kinds import ErasureReason, ErasureScope
from tenants.rights.models.requests import RightsRequest


class Erasure(TenantOwned):
    """删除: an order to erase. Evidence: kept, without a name, and never deleted by anyone."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="erasures")
    reason = models.CharField(_("Reason"), max_length=15, choices=ErasureReason)
    scope = models.CharField(_("What is erased"), max_length=10, choices=ErasureScope, default=ErasureScope.FACE)
    request = models.ForeignKey(RightsRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="erasures")
    ordered_at = models.DateTimeField(_("Ordered"))
    keys_destroyed = models.PositiveSmallIntegerField(_("Keys destroyed"), default=0)
    completed_at = models.DateTimeField(_("Completed"), null=True, blank=True)
    # The order's place in the ledger outside the database, which is read again after a restore.
    ledger_number = models.PositiveBigIntegerField(_("Number in the ledger"), null=True, blank=True, editable=False)
    next_try_at = models.DateTimeField(null=True, blank=True, editable=False)
    tries = models.PositiveSmallIntegerField(_("Tries"), default=0, editable=False)
    escalated_at = models.DateTimeField(_("Escalated"), null=True, blank=True, editable=False)
    # How often the owners were told that it waits (rules/erasing.py).
    told = models.PositiveSmallIntegerField(default=0, editable=False)
    is_certified = models.BooleanField(_("Certificate issued"), default=False, editable=False)
    # A legal hold keeps some of it: that is erased by an order of its own when the hold is over.
    has_held = models.BooleanField(_("Some of it is held"), default=False, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        ordering = ["-ordered_at"]
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        indexes = [
            # What the sweep looks at every minute, however many erasures were done in all the years.
            models.Index(
                fields=["tenant", "next_try_at"],
                condition=Q(completed_at__isnull=True) | Q(is_certified=False) | Q(has_held=True),
                name="erasure_unfinished",
            ),
            models.Index(fields=["tenant"], condition=Q(ledger_number__isnull=True), name="erasure_not_in_the_ledger"),
        ]
        constraints = [models.UniqueConstraint(fields=["ledger_number"], name="one_erasure_per_ledger_number")]


class ErasureReceipt(TenantOwned):
    """One store's answer to an erasure: how many rows went, and when."""

    erasure = models.ForeignKey(Erasure, on_delete=models.PROTECT, related_name="receipts")
    store = models.CharField(_("Store"), max_length=40)
    erased = models.PositiveIntegerField(_("Erased"))
    remaining = models.PositiveIntegerField(_("Remaining"))
    at = models.DateTimeField(_("At"))

    class Meta:
        ordering = ["at"]
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = [models.UniqueConstraint(fields=["erasure", "store"], name="one_receipt_per_store")]


class Certificate(TenantOwned):
    """删除证明: what was erased, where and when, signed with the installation's key; it names nobody."""

    erasure = models.OneToOneField(Erasure, on_delete=models.PROTECT, related_name="certificate")
    number = models.CharField(_("Number"), max_length=24, unique=True, editable=False)
    body = models.TextField(_("Text that is signed"), editable=False)  # canonical JSON, byte for byte
    signature = models.CharField(_("Signature"), max_length=100, editable=False)  # Ed25519, base64
    key_id = models.CharField(_("Key"), max_length=32, editable=False)
    issued_at = models.DateTimeField(_("Issued"))

    class Meta:
        ordering = ["-issued_at"]
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
