"""Long work in words: one piece, and all that is under way, whatever its kind."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.work import runners
from portal.work.kinds import UNDER_WAY, JobState
from portal.work.models import Job
from recognition.enrollment import batches
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission
from tenants.rights.services import packages

TONES = {
    JobState.WAITING: "info",
    JobState.RUNNING: "info",
    JobState.DONE: "ok",
    JobState.FAILED: "stop",
    JobState.CANCELLED: "neutral",
}
MOST_SHOWN = 50  # of photos handed in, and of packages


def explain(job: Any) -> Job:
    """Give a job its title, its tone and the address of the list that it is about."""
    job.tone = TONES[JobState(job.state)]
    job.title = runners.title_of(job.kind, job.what)
    job.list_name = runners.page_of(job.kind, job.what)
    job.names_people = runners.names_people(job.kind, job.what)
    return job


@dataclass(frozen=True)
class UnderWay:
    """Work that is not over. `key` names it on the page; `stop_url` is empty where this member may not stop it, and
    `stop_asks` says that a page asks first."""

    key: str
    title: str
    url: str
    started_at: datetime
    detail: str
    percent: int | None
    minutes_left: int | None
    stop_url: str = ""
    stop_asks: bool = True


def under_way(tenant: Property, user: User) -> list[UnderWay]:
    """Return the member's own jobs, and photos and packages of whoever began them, newest first. Up to 3 queries.

    Photos handed in and packages are their own rows, with their own seals and lives; here they stand beside the jobs.
    """
    found = [_job(tenant, job) for job in Job.objects.filter(tenant=tenant, made_by=user, state__in=UNDER_WAY)]
    if Permission.MANAGE_PEOPLE in tenant.granted:
        found += [_batch(tenant, batch) for batch in batches.under_way(tenant)[:MOST_SHOWN]]
    if Permission.VIEW_REQUESTS in tenant.granted:
        found += [_package(tenant, package) for package in packages.under_way(tenant)[:MOST_SHOWN]]
    return sorted(found, key=lambda row: row.started_at, reverse=True)


def _job(tenant: Property, job: Job) -> UnderWay:
    numbers = {"done": intcomma(job.done), "total": intcomma(job.total)}
    return UnderWay(
        key=f"job-{job.pk}",
        title=str(runners.title_of(job.kind, job.what)),
        url=reverse("job", args=[tenant.slug, job.pk]),
        started_at=job.made_at,
        detail=_("%(done)s of %(total)s") % numbers if job.total else _("Waiting for a worker"),
        percent=job.percent,
        minutes_left=job.minutes_left,
        stop_url="" if job.cancelled_at else reverse("job_cancel", args=[tenant.slug, job.pk]),
        stop_asks=False,
    )


def _batch(tenant: Property, batch: Any) -> UnderWay:
    figures = batches.figures_of(batch)
    numbers = {"done": intcomma(figures.total - figures.waiting), "total": intcomma(figures.total)}
    return UnderWay(
        key=f"batch-{batch.pk}",
        title=_("Photos of many people"),
        url=reverse("batch", args=[tenant.slug, batch.pk]),
        started_at=batch.created_at,
        detail=_("%(done)s of %(total)s") % numbers,
        percent=figures.percent,
        minutes_left=figures.minutes_left,
        stop_url=reverse("batch_stop", args=[tenant.slug, batch.pk]),
    )


def _package(tenant: Property, package: Any) -> UnderWay:
    address = [tenant.slug, package.request_id]
    may_stop = Permission.HANDLE_REQUESTS in tenant.granted
    return UnderWay(
        key=f"package-{package.pk}",
        title=_("Package of request %(number)s") % {"number": package.request.number},
        url=reverse("request", args=address),
        started_at=package.asked_at,
        detail=package.get_state_display(),
        percent=package.progress,
        minutes_left=package.minutes_left,
        stop_url=reverse("request_package_stop", args=address) if may_stop else "",
    )
