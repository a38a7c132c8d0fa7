"""Photos of many people who agreed, handed in together: one after the other, so that no door waits for a batch."""

import re
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recognition.enrollment import reasons, tasks
from recognition.enrollment.models import OPEN_STATES, Enrollment, EnrollmentState, PhotoBatch, PhotoBatchRow
from recognition.enrollment.services import finish, lock, submit_photo
from tenants.organizations.kinds import StorageMode
from tenants.organizations.limits import require_room
from tenants.organizations.models import Property, User
from tenants.people.models import Person
from tenants.people.services.minors import may_see

MAX_ROWS = 5_000
KEPT_DAYS = 7  # the list of file names; the attempts themselves are kept with the people
# For the sweep: whether any is old enough (rights/due.py). There are few, and `tenant_id` has an index.
DUE = f"""EXISTS (SELECT 1 FROM enrollment_photobatch b
    WHERE b.tenant_id = p.id AND b.created_at < %(now)s - interval '{KEPT_DAYS} days')"""  # noqa: S608 - a number of ours
STALLED_AFTER = timedelta(seconds=60)

# The person's code, as on the person's page, or the whole id; what follows it is free: `3F2A9C01-front.jpg`.
_CODE = re.compile(
    r"(?:.*/)?([0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}|[0-9a-f]{8})(?![0-9a-z])[^/]*", re.IGNORECASE
)


class Figures(NamedTuple):
    """How far a batch is: numbers of files. `seconds_left` is None while nothing was finished yet."""

    total: int
    done: int
    waiting: int
    refused: int
    seconds_left: int | None

    @property
    def minutes_left(self) -> int | None:
        return None if self.seconds_left is None else -(-self.seconds_left // 60)

    @property
    def percent(self) -> int:
        return 100 if not self.total else (self.total - self.waiting) * 100 // self.total


@transaction.atomic
def start(*, tenant: Property, started_by: User) -> PhotoBatch:
    """Open a batch. Raises ValidationError with code `on_device` where faces stay on the terminals (Art 8)."""
    if tenant.storage_mode != StorageMode.PORTAL:
        raise ValidationError(
            _("Here faces are enrolled at the door's own device. No photo may be sent. Measures Art 8."),
            code="on_device",
        )
    batch = PhotoBatch(tenant=tenant, started_by=started_by)
    batch.save()
    return batch


@transaction.atomic
def add(*, batch: PhotoBatch, actor: User, label: str, photo: bytes) -> PhotoBatchRow | None:
    """Take in one file; None when this batch has this person's photo already, so that a folder may be sent again.

    Whatever stands against one photo (no such person, no consent, not a picture) is written into its row and stops
    nobody else's. Raises ValidationError when the batch was stopped or is full.
    """
    batch = PhotoBatch.objects.select_for_update(of=("self",)).select_related("tenant").get(pk=batch.pk)
    if batch.stopped_at is not None:
        raise ValidationError(_("This batch was stopped. Start a new one."), code="stopped")
    if batch.rows.count() >= MAX_ROWS:
        raise ValidationError(_("A batch holds 5,000 photos. Start another one."), code="full")
    require_room(tenant=batch.tenant, name="max_photos", used=batch.rows.count)
    row = PhotoBatchRow(tenant=batch.tenant, batch=batch, label=label[-80:])
    row.person, row.refused = _person(batch.tenant, actor, label)
    earlier = batch.rows.filter(person=row.person) if row.person else batch.rows.filter(label=row.label)
    if earlier.filter(Q(enrollment__state__in=[*OPEN_STATES, EnrollmentState.DONE])).exists():
        return None
    earlier.delete()  # another try takes the place of the one that was refused
    if row.person is not None:
        try:
            with transaction.atomic():
                row.enrollment = submit_photo(
                    tenant=batch.tenant, person=row.person, photo=photo, requested_by=actor, is_sent=False
                )
        except ValidationError as broken:
            row.refused = _code(broken)
    row.save()
    if row.enrollment is not None:
        wake(batch=batch)
    return row


def wake(*, batch: PhotoBatch) -> None:
    """Have a worker go on with a batch, unless one is at it."""
    now = timezone.now()
    if batch.worked_at is None or batch.worked_at < now - STALLED_AFTER:
        batch.worked_at = now
        batch.save(update_fields=["worked_at"])  # somebody may be stopping it
        tasks.send_batch(batch)


@transaction.atomic
def stop(*, batch: PhotoBatch) -> int:
    """Delete every photo of the batch that still waits, unread; return how many. What is enrolled stays enrolled."""
    batch = PhotoBatch.objects.get(pk=batch.pk)
    batch.stopped_at = batch.stopped_at or timezone.now()
    batch.save(update_fields=["stopped_at"])
    stopped = 0
    waiting = Enrollment.objects.filter(batch_row__batch=batch, state=EnrollmentState.QUEUED)
    for enrollment_id in list(waiting.order_by("pk").values_list("pk", flat=True)):
        enrollment = lock(enrollment_id)
        if enrollment is not None and enrollment.state in OPEN_STATES:
            finish(enrollment=enrollment, state=EnrollmentState.CANCELLED, reason=reasons.STOPPED)
            stopped += 1
    return stopped


def figures(batch: PhotoBatch) -> Figures:
    """Count a batch. One query."""
    return _figures(batch, batch.rows.aggregate(**_counts()))


def counted(tenant: Property) -> QuerySet[PhotoBatch]:
    """Return the batches of a property with what `figures_of` needs, newest first."""
    rows = PhotoBatch.objects.filter(tenant=tenant).annotate(**_counts("rows__"))
    return rows.order_by("-created_at").select_related("started_by")


def under_way(tenant: Property) -> QuerySet[PhotoBatch]:
    """Return the batches of which photos wait, as `counted` does.

    A worker was told of whatever waits, and nothing waits for longer than its time: older batches are not counted.
    """
    oldest = timezone.now() - timedelta(seconds=settings.BATCH_LIFETIME_SECONDS) - 2 * STALLED_AFTER
    waiting = PhotoBatchRow.objects.filter(batch=OuterRef("pk"), enrollment__state__in=OPEN_STATES)
    return counted(tenant).filter(Exists(waiting), stopped_at__isnull=True, worked_at__gte=oldest)


def figures_of(batch: Any) -> Figures:
    """Return the numbers of a batch that `counted` gave. No query."""
    return _figures(batch, {name: getattr(batch, name) for name in _counts()})


def _counts(prefix: str = "") -> dict[str, Any]:
    is_open = Q(**{f"{prefix}enrollment__state__in": OPEN_STATES})
    is_done = Q(**{f"{prefix}enrollment__state": EnrollmentState.DONE})
    return {
        "total": Count(f"{prefix}pk"),
        "done": Count(f"{prefix}pk", filter=is_done),
        "waiting": Count(f"{prefix}pk", filter=is_open),
        "finished": Count(f"{prefix}enrollment__finished_at"),
        "begun_at": Min(f"{prefix}created_at"),
    }


def _figures(batch: PhotoBatch, counts: Mapping[str, Any]) -> Figures:
    total, done, waiting, left = counts["total"], counts["done"], counts["waiting"], None
    if counts["finished"]:
        spent = ((batch.worked_at or timezone.now()) - counts["begun_at"]).total_seconds()
        left = round(max(spent, 0) / counts["finished"] * waiting)
    return Figures(total, done, waiting, total - done - waiting, left)


def expire(*, tenant: Property) -> int:
    """Delete the lists of batches after a week: a file may be named after somebody."""
    limit = timezone.now() - timedelta(days=KEPT_DAYS)
    gone = 0
    for batch in PhotoBatch.objects.filter(tenant=tenant, created_at__lt=limit):
        gone += batch.delete()[0]
    return gone


def _person(tenant: Property, actor: User, label: str) -> tuple[Person | None, str]:
    """Return whose photo a file is by its name, or why that cannot be said."""
    found = _CODE.fullmatch(label)
    if found is None:
        return None, reasons.NO_CODE
    code = found.group(1).lower()
    rows = Person.objects.filter(tenant=tenant, erased_at__isnull=True)
    digits = code.replace("-", "")
    rows = rows.filter(pk__gte=uuid.UUID(digits.ljust(32, "0")), pk__lte=uuid.UUID(digits.ljust(32, "f")))
    people = list(rows.select_related("tenant")[:2])
    if len(people) != 1:
        return None, reasons.UNKNOWN_CODE if not people else reasons.CODE_TWICE
    if not may_see(actor=actor, person=people[0]):
        return None, reasons.MINOR
    return people[0], ""


def _code(broken: ValidationError) -> str:
    """Return one reason for a photo that was not taken in: the file's own, or that the gate says no."""
    if not hasattr(broken, "error_dict"):
        return reasons.NOT_CLEARED
    return next(str(error.code) for listed in broken.error_dict.values() for error in listed)
