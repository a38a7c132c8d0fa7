"""What long work can be, and how far it can be."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class JobKind(models.TextChoices):
    EXPORT = "export", _("File with a list")
    IMPORT = "import", _("Table taken in")
    BULK = "bulk", _("Change to many")
    PAPERS = "papers", _("Papers to print")


class JobState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("In progress")
    DONE = "done", pgettext_lazy("long work", "Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


UNDER_WAY = (JobState.WAITING, JobState.RUNNING)
