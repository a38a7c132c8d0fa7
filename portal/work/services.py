"""Ordering long work, cancelling it, fetching what came of it, and letting it go."""

import uuid
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.reading import note_read
from portal.work import runners, sealing, tasks
from portal.work.kinds import UNDER_WAY, JobKind, JobState
from portal.work.models import Job
from tenants.organizations.models import Property, User
from tenants.organizations.trail import Kind
from tenants.rights.kinds import ErasureScope
from tenants.rights.models import Erasure

MOST_AT_ONCE = 5
FILE_LIVES = timedelta(hours=24)
ROW_LIVES = timedelta(days=30)
# A message that never came is sent again after this; a worker that is silent for this long is taken for dead.
LOST_AFTER, SILENT_AFTER = timedelta(seconds=60), timedelta(seconds=330)


@transaction.atomic
def start(*, tenant: Property, actor: User, kind: JobKind, what: str, asked: dict[str, Any], total: int = 0) -> Job:
    """Order a piece of work; a worker is told at commit. `asked` may hold names: it is sealed, and gone at the end.

    Raises PermissionDenied without the right to it, and ValidationError (`too_many`) when five of this member wait.
    """
    work = runners.find(kind, what)
    if work.permission not in tenant.granted:
        raise PermissionDenied
    if Job.objects.filter(tenant=tenant, made_by=actor, state__in=UNDER_WAY).count() >= MOST_AT_ONCE:
        text = _("Five pieces of your work are under way. Wait for one of them, or cancel it.")
        raise ValidationError(text, code="too_many")
    job = Job(
        tenant=tenant,
        kind=kind,
        what=what,
        made_by=actor,
        language=get_language() or "zh-hans",
        total=total,
        next_at=timezone.now() + LOST_AFTER,
    )
    job.asked = sealing.seal_asked(job, asked)
    job.full_clean()
    job.save()
    tasks.send(job)
    return job


@transaction.atomic
def cancel(*, job: Job) -> Job:
    """End work that is not over. What its worker has done stays done; it stops before its next slice."""
    job = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if job.is_under_way and job.cancelled_at is None:
        job.cancelled_at = timezone.now()
        if job.state == JobState.WAITING:
            close(job, JobState.CANCELLED)
        job.save()
    return job


@transaction.atomic
def open_file(*, tenant: Property, job: Job, actor: User) -> bytes:
    """Return the file to whoever ordered it, and write down that data left where it may name somebody.

    Raises ValidationError: `gone` once its day is over, or when the record of somebody in it was erased.
    """
    job = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if job.made_by_id != actor.pk:
        raise PermissionDenied
    if ordered_to_go(job, job.people):
        empty(job)
    if not job.has_file or not job.result:
        raise ValidationError(_("This file is gone. Make it again."), code="gone")
    try:
        content = sealing.unseal(job, "result")
    except sealing.Unreadable as error:
        raise ValidationError(_("This file is gone. Make it again."), code="gone") from error
    if runners.names_people(job.kind, job.what):
        facts: dict[str, str | int] = {"what": job.what, "count": job.total}
        note_read(Kind.EXPORTED, user=actor, tenant=tenant, subject=f"job:{job.pk}", **facts)
    return content


def ordered_to_go(job: Job, people: Collection[uuid.UUID]) -> bool:
    """Say whether the erasure of the record of any of these was ordered since, or before and is not done. One query.

    Whoever was erased before the work began is in no file with more than a code.
    """
    orders = Erasure.objects.filter(tenant=job.tenant_id, scope=ErasureScope.PERSON)
    orders = orders.filter(Q(completed_at__isnull=True) | Q(ordered_at__gte=job.made_at))
    return bool(people) and not set(people).isdisjoint(orders.values_list("person_id", flat=True))


def close(job: Job, state: JobState) -> None:
    """Set how it ended; what there was of a file goes. Not saved."""
    job.state, job.ended_at, job.claim = state, timezone.now(), None
    job.asked = job.result = b""
    job.next_at = timezone.now() + FILE_LIVES


def empty(job: Job) -> None:
    """Let the file go; that there was one stays for a month."""
    job.result, job.asked, job.people, job.file_name = b"", b"", [], ""
    job.next_at = job.made_at + ROW_LIVES
    job.save()


@transaction.atomic
def keep_house(*, tenant: Property) -> int:
    """Send again what was lost, empty what is a day old, forget what is a month old; return how many rows."""
    now = timezone.now()
    rows = Job.objects.filter(tenant=tenant, next_at__lte=now).order_by("pk")
    due = list(rows.select_for_update(skip_locked=True, of=("self",)))
    for job in due:
        if job.is_under_way:
            # Its worker died, or its message was lost: whoever takes it over now is the only one.
            job.state, job.claim, job.next_at = JobState.WAITING, None, now + LOST_AFTER
            job.save(update_fields=["state", "claim", "next_at"])
            tasks.send(job)
        elif job.made_at + ROW_LIVES <= now:
            job.delete()
        else:
            empty(job)
    return len(due)
