"""What the worker does with a piece of work: take it over, run it slice by slice, keep what came of it.

Two workers may get the same message: the row's claim says whose it is, and the other one's next step ends it. A worker
that died leaves a row that is silent; the sweep sends it again.
"""

import logging
import uuid
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.work import runners, sealing, services, tasks
from portal.work.kinds import JobState
from portal.work.models import Job
from portal.work.runners import Order, Result, Stopped, Work
from tenants.organizations import actors
from tenants.organizations.access import get_tenant
from tenants.organizations.models import Property
from tenants.organizations.news import NotificationKind
from tenants.organizations.scoping import tenant_context
from tenants.organizations.services.notifications import tell

logger = logging.getLogger(__name__)
MAX_TRIES = 3


def run(*, tenant_id: uuid.UUID, job_id: uuid.UUID) -> None:
    """Do a piece of work. Whatever happens, the row says how it ended or is tried again."""
    job = _claim(tenant_id, job_id)
    if job is None:
        return
    with translation.override(job.language), actors.acting(f"user:{job.made_by_id}"):
        try:
            work = runners.find(job.kind, job.what)
            result = work.run(_order(job, work))
            _keep(job, result)
        except Stopped:
            _end(job, JobState.CANCELLED)
        except ValidationError as broken:
            _end(job, JobState.FAILED, " ".join(broken.messages))
        except (PermissionDenied, Property.DoesNotExist):
            _end(job, JobState.FAILED, _("You do not have the right to this any more."))
        except sealing.Unreadable:
            _end(job, JobState.FAILED, _("This work cannot be read any more. Start it again."))
        except SoftTimeLimitExceeded:
            _give_back(job)  # it goes on from where it is
        except Exception:
            logger.exception("Job %s of property %s failed.", job_id, tenant_id)
            _give_back(job)


def _claim(tenant_id: uuid.UUID, job_id: uuid.UUID) -> Job | None:
    """Take the row over; None when there is nothing to do, or when a worker that lives is at it."""
    now = timezone.now()
    with tenant_context(tenant_id):
        rows = Job.objects.select_for_update(of=("self",)).select_related("tenant", "made_by")
        job = rows.filter(pk=job_id, state=JobState.WAITING).first()
        if job is None:
            return None
        if job.cancelled_at is not None or job.tries >= MAX_TRIES:
            _close_untried(job)
            return None
        job.state, job.claim, job.tries = JobState.RUNNING, uuid.uuid4(), job.tries + 1
        job.started_at, job.next_at = job.started_at or now, now + services.SILENT_AFTER
        job.save()
        return job


def _close_untried(job: Job) -> None:
    services.close(job, JobState.CANCELLED if job.cancelled_at else JobState.FAILED)
    if job.state == JobState.FAILED:
        with translation.override(job.language):
            job.error = _("It stopped several times. Start it again; if it stops again, tell the platform.")
    job.save()
    if job.state == JobState.FAILED:
        _tell(job)


def _order(job: Job, work: Work) -> Order:
    with tenant_context(job.tenant_id):
        tenant = get_tenant(user=job.made_by, slug=job.tenant.slug, permission=work.permission)
        asked = sealing.unseal_asked(job)  # read from the row only now
        kept = sealing.unseal(job, "result") if work.resumes and job.result else b""

    def step(
        done: int, *, total: int | None = None, said: dict[str, Any] | None = None, kept: bytes | None = None
    ) -> None:
        if kept is not None and work.names_people:
            raise ValueError("Whom a part of a file names nobody knows yet: no erasure would find it.")
        now = timezone.now()
        changes: dict[str, Any] = {"done": done, "next_at": now + services.SILENT_AFTER}
        changes |= {"tries": 0} if work.resumes and done > job.done else {}
        changes |= {} if total is None else {"total": total}
        changes |= {} if said is None else {"said": said}
        changes |= {} if kept is None else {"result": sealing.seal(job, "result", kept)}
        with tenant_context(job.tenant_id):
            mine = Job.objects.filter(pk=job.pk, claim=job.claim, cancelled_at=None)
            if not mine.update(**changes):
                raise Stopped

    return Order(
        tenant=tenant,
        actor=job.made_by,
        asked=asked,
        step=step,
        done=job.done if work.resumes else 0,
        said=dict(job.said) if work.resumes else {},
        kept=kept,
    )


def _keep(job: Job, result: Result) -> None:
    """Seal and store what came of it, unless somebody in it was erased since it was read: then it is made again."""
    with tenant_context(job.tenant_id):
        mine = _mine(job)
        if mine is None:
            return
        people = sorted(result.people)
        # An order of erasure stands from its commit; a later one finds the ids in this row.
        if services.ordered_to_go(mine, people):
            mine.tries = 0
            _release(mine, is_at_once=False)  # the erasure is done first
            return
        services.close(mine, JobState.DONE)
        mine.done = mine.total
        mine.people, mine.file_name = people, result.name
        mine.result = sealing.seal(mine, "result", result.content) if result.content else b""
        mine.said = result.said or mine.said
        mine.save()
        _tell(mine)


def _end(job: Job, state: JobState, error: str = "") -> None:
    with tenant_context(job.tenant_id):
        mine = _mine(job)
        if mine is not None:
            services.close(mine, state)
            mine.error = error[:300]
            mine.save()
            if state == JobState.FAILED:
                _tell(mine)


def _tell(job: Job) -> None:
    """Tell the member who ordered it, who may have closed the page long ago."""
    tell(tenant=job.tenant_id, kind=NotificationKind.JOB_DONE, subject=job, only=[job.made_by_id])


def _give_back(job: Job) -> None:
    """Let another worker go on at once; the number of tries ends what cannot work."""
    with tenant_context(job.tenant_id):
        mine = _mine(job)
        if mine is not None:
            _release(mine)


def _release(job: Job, *, is_at_once: bool = True) -> None:
    job.state, job.claim, job.next_at = JobState.WAITING, None, timezone.now() + services.LOST_AFTER
    job.save()
    if is_at_once:
        tasks.send(job)


def _mine(job: Job) -> Job | None:
    """Return the row as it is now, locked; None when another worker has taken it over."""
    return Job.objects.select_for_update(of=("self",)).filter(pk=job.pk, claim=job.claim).first()
