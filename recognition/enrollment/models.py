"""Attempts to turn a capture into a template, and the captures themselves while they wait."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.people.models import Person


class EnrollmentState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    PROCESSING = "processing", _("In progress")
    DONE = "done", _("Enrolled")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


OPEN_STATES = (EnrollmentState.QUEUED, EnrollmentState.PROCESSING)


class Enrollment(TenantOwned):
    """录入: one attempt. It says what happened and when, and holds nothing of the face."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrollments")
    requested_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    state = models.CharField(_("State"), max_length=12, choices=EnrollmentState, default=EnrollmentState.QUEUED)
    progress = models.PositiveSmallIntegerField(_("Progress"), default=0)
    reason = models.CharField(_("Reason"), max_length=60, blank=True)
    model_version = models.CharField(_("Model"), max_length=120, blank=True)
    # A note to members, never shown to the person: another person here has nearly the same face (lookalikes.py).
    warning = models.CharField(_("Note"), max_length=30, blank=True, editable=False)
    resembles = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("Started"), auto_now_add=True)
    taken_at = models.DateTimeField(null=True, blank=True, editable=False)  # by a worker, into its memory
    finished_at = models.DateTimeField(_("Finished"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")


class Capture(TenantOwned):
    """A photo on its way to the recognition worker, sealed to that worker's key.

    The table is UNLOGGED: its rows are in no write-ahead log and are gone after a crash. The web role
    may add and delete rows but not read the photo back.
    """

    enrollment = models.OneToOneField(Enrollment, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    sealed = models.BinaryField()
    expires_at = models.DateTimeField()


class PhotoBatch(TenantOwned):
    """Photos of many people handed in together. Each person agreed alone; this only saves the walking."""

    started_by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, editable=False, related_name="+")
    created_at = models.DateTimeField(_("Started"), auto_now_add=True)
    worked_at = models.DateTimeField(null=True, blank=True, editable=False)  # a worker's last step
    stopped_at = models.DateTimeField(_("Stopped"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("batch of photos")
        verbose_name_plural = _("batches of photos")


class PhotoBatchRow(TenantOwned):
    """One file of a batch: the attempt it became, or why it became none. The photo itself is the attempt's."""

    batch = models.ForeignKey(PhotoBatch, on_delete=models.CASCADE, related_name="rows")
    label = models.CharField(_("File"), max_length=80)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    enrollment = models.OneToOneField(
        Enrollment, on_delete=models.PROTECT, null=True, blank=True, related_name="batch_row"
    )
    refused = models.CharField(_("Reason"), max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(enrollment__isnull=True) ^ models.Q(refused=""),
                name="batch_row_became_or_was_refused",
            )
        ]
