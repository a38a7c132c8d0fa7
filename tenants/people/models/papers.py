"""The signed sheets of people who answered on paper."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.people.kinds import ConsentDecision, ConsentPurpose
from tenants.people.models.guardians import Guardian
from tenants.people.models.persons import Person
from tenants.transparency.models import Notice


class PaperForm(TenantOwned):
    """One sheet, signed by one person for one purpose at the desk (Accessibility Law 39, 40; PIPL 14).

    The scan proves the signature. It holds a name, so an erasure of the person empties it; its fingerprint
    stays and still proves that the paper in the folder is the one that was recorded.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="papers")
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, null=True, blank=True, related_name="papers")
    purpose = models.CharField(_("Purpose"), max_length=15, choices=ConsentPurpose)
    decision = models.CharField(_("Answer"), max_length=10, choices=ConsentDecision)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="papers")
    language = models.CharField(_("Language of the sheet"), max_length=10)
    signed_on = models.DateField(_("Signed on"))
    was_read_aloud = models.BooleanField(_("The notice was read aloud"))
    assisted_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("assisted by")
    )
    scan = models.BinaryField(_("Scan of the signed sheet"))
    scan_sha256 = models.CharField(_("Fingerprint of the scan"), max_length=64)
    recorded_at = models.DateTimeField(_("Recorded"), auto_now_add=True)

    class Meta:
        ordering = ["-recorded_at"]
        verbose_name = _("signed sheet")
        verbose_name_plural = _("signed sheets")
        constraints = [
            # One person, one purpose: the same sheet never carries a second answer (Measures Art 6).
            models.UniqueConstraint(
                fields=["tenant", "scan_sha256"],
                name="one_sheet_one_answer",
                violation_error_code="scan_taken",
                violation_error_message=_("This sheet was recorded before. Each answer needs its own signed sheet."),
            )
        ]
