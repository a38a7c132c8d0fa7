"""Whom the property asked by itself, and when."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.people.kinds import ConsentPurpose, PromptChannel
from tenants.people.models.persons import Person


class PromptRecord(TenantOwned):
    """One time that somebody was asked without having started it (NDSMR 22(5); GB/T 41819: once in 48 h at most)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="prompts")
    # Whose face it was about, when somebody was asked as a guardian.
    child = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    purpose = models.CharField(_("Purpose"), max_length=15, choices=ConsentPurpose)
    channel = models.CharField(_("How"), max_length=10, choices=PromptChannel)
    prompted_at = models.DateTimeField(_("Asked"))

    class Meta:
        ordering = ["-prompted_at"]
        verbose_name = _("prompt")
        verbose_name_plural = _("prompts")
        indexes = [models.Index(fields=["person", "purpose", "-prompted_at"], name="latest_prompt")]
