"""What a person gets who asks what is held: built by a worker, opened by the tracking code alone, then erased."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.rights.kinds import PACKAGE_UNDER_WAY, PackageKind, PackageState
from tenants.rights.models.requests import RightsRequest

BEGUN = 5  # percent of a package that a worker has just taken


class Package(TenantOwned):
    """资料包: sealed to the key of the request's tracking code, so that the portal cannot open it either."""

    request = models.OneToOneField(RightsRequest, on_delete=models.PROTECT, related_name="package")
    kind = models.CharField(_("Kind"), max_length=10, choices=PackageKind)
    state = models.CharField(_("State"), max_length=10, choices=PackageState, default=PackageState.WAITING)
    progress = models.PositiveSmallIntegerField(_("Percent done"), default=0, editable=False)
    sealed = models.BinaryField(default=b"", editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)  # of what the person downloads
    asked_at = models.DateTimeField(_("Asked"))
    begun_at = models.DateTimeField(null=True, blank=True, editable=False)  # by the worker that has it now
    tries = models.PositiveSmallIntegerField(_("Tries"), default=0, editable=False)
    # The last sign of life of whoever builds it: after a while without one it is sent again.
    touched_at = models.DateTimeField(null=True, blank=True, editable=False)
    built_at = models.DateTimeField(_("Built"), null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(_("Download until"), null=True, blank=True, editable=False)
    downloads = models.PositiveIntegerField(_("Downloads"), default=0, editable=False)
    erased_at = models.DateTimeField(_("Erased"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("package")
        verbose_name_plural = _("packages")
        indexes = [
            models.Index(fields=["tenant"], condition=Q(erased_at__isnull=True), name="package_not_erased"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="ready") | Q(sealed=b""),
                name="only_a_ready_package_holds_data",
                violation_error_message=_("Only a package that is ready holds anything."),
            ),
        ]

    @property
    def is_under_way(self) -> bool:
        return self.state in PACKAGE_UNDER_WAY

    @property
    def minutes_left(self) -> int | None:
        """What is left at the pace so far, in whole minutes; None before anything was done."""
        if self.state != PackageState.BUILDING or self.begun_at is None or self.progress <= BEGUN:
            return None
        spent = (timezone.now() - self.begun_at).total_seconds()
        return -(-int(spent / self.progress * (100 - self.progress)) // 60)
