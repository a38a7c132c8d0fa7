"""A piece of long work, and a member's own choices for a list."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.work.kinds import UNDER_WAY, JobKind, JobState
from tenants.organizations.scoping import TenantOwned


class JobManager(models.Manager["Job"]):
    """Leaves the sealed bytes and the list of people where they are until somebody asks for them."""

    def get_queryset(self) -> models.QuerySet["Job"]:
        return super().get_queryset().defer("asked", "result", "people")


class Job(TenantOwned):
    """任务: what a member asked for, how far it is, and for a day what came of it.

    `asked` and `result` are sealed (sealing.py). `people` are the ids of those whom the file names: when the record
    of one of them is erased, the whole file goes. `claim` is the worker's that has it now.
    """

    kind = models.CharField(_("Kind"), max_length=12, choices=JobKind)
    what = models.CharField(max_length=40)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    made_at = models.DateTimeField(default=timezone.now)
    language = models.CharField(max_length=12)
    state = models.CharField(_("State"), max_length=12, choices=JobState, default=JobState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    asked = models.BinaryField(default=b"")
    result = models.BinaryField(default=b"")
    file_name = models.CharField(max_length=80, blank=True)
    people = ArrayField(models.UUIDField(), default=list, blank=True)
    said = models.JSONField(default=dict, blank=True)
    error = models.CharField(max_length=300, blank=True)
    claim = models.UUIDField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    # When the sweep looks at it next: to send it again, to empty it, to forget it.
    next_at = models.DateTimeField()

    objects = JobManager()

    class Meta:
        verbose_name = _("job")
        ordering = ["-made_at", "pk"]
        indexes = [
            models.Index(fields=["tenant", "made_by", "-made_at"], name="work_of_a_member"),
            models.Index(fields=["tenant", "next_at"], name="work_to_look_at"),
        ]

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100; None while nobody knows how much there is."""
        if self.state == JobState.DONE:
            return 100
        return self.done * 100 // self.total if self.total else None

    @property
    def time_left(self) -> timedelta | None:
        """What is left at the pace so far; None before anything was done."""
        if self.state != JobState.RUNNING or self.started_at is None or not 0 < self.done <= self.total:
            return None
        return (timezone.now() - self.started_at) / self.done * (self.total - self.done)

    @property
    def minutes_left(self) -> int | None:
        return None if self.time_left is None else -(-int(self.time_left.total_seconds()) // 60)

    @property
    def has_file(self) -> bool:
        return self.state == JobState.DONE and bool(self.file_name)


class ListChoice(TenantOwned):
    """What one member chose for one list of one property: columns, filters with a name, names of a table's columns.

    A filter with a name may hold a word that was searched for; it is the member's own, and goes with `forget`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", editable=False)
    listing = models.CharField(max_length=40)
    columns: Any = models.JSONField(default=list, blank=True)
    saved: Any = models.JSONField(default=list, blank=True)
    mapping: Any = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("choice for a list")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user", "listing"], name="one_choice_per_member_and_list")
        ]
