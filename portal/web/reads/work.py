"""Long work in words."""

from typing import Any

from portal.work import runners
from portal.work.kinds import JobState
from portal.work.models import Job

TONES = {
    JobState.WAITING: "info",
    JobState.RUNNING: "info",
    JobState.DONE: "ok",
    JobState.FAILED: "stop",
    JobState.CANCELLED: "neutral",
}


def explain(job: Any) -> Job:
    """Give a job its title, its tone and the address of the list that it is about."""
    job.tone = TONES[JobState(job.state)]
    job.title = runners.title_of(job.kind, job.what)
    job.list_name = runners.page_of(job.kind, job.what)
    return job
