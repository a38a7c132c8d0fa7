"""How far this database has caught up with the ledger outside it, after it was restored from a backup."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LedgerReplay(models.Model):
    """The ledger was read to a number and what the database did not know was ordered again. Rows are only added."""

    reached = models.PositiveBigIntegerField(_("Read up to number"), editable=False)
    ordered = models.PositiveIntegerField(_("Ordered again"), editable=False)
    gone = models.PositiveIntegerField(_("Persons not in this database"), editable=False)
    replayed_at = models.DateTimeField(_("Replayed"), editable=False)

    class Meta:
        ordering = ["-reached"]
        verbose_name = _("replay of the ledger")
        verbose_name_plural = _("replays of the ledger")

    def __str__(self) -> str:
        return f"ledgerreplay {self.reached}"
