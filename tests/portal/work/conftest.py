"""Work of a kind that only these tests know: each slice adds a name to a list."""

from collections.abc import Callable, Iterator

import pytest

from portal.work import jobs, runners, services
from portal.work.kinds import JobKind
from portal.work.models import Job
from portal.work.runners import Order, Result, Work
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission
from tenants.organizations.scoping import TENANT_SETTING, USER_SETTING, enter_tenant, set_local

Run = Callable[[Order], Result]


@pytest.fixture
def works(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Register what a job of kind bulk “trial” does."""
    monkeypatch.setattr(runners, "_works", dict(runners._works))

    def register(run: Run, *, permission: Permission = Permission.VIEW_PEOPLE, **how: bool) -> None:
        def in_its_property(order: Order) -> Result:
            enter_tenant(order.tenant.pk)  # and not the context's own transaction: a slice stays done
            return run(order)

        runners._works.pop((JobKind.BULK.value, "trial"), None)
        runners.register(
            JobKind.BULK, "trial", Work("trial", permission, in_its_property, "people", **{"resumes": True} | how)
        )

    yield register


@pytest.fixture
def order(tenant: Property, owner: User) -> Callable[..., Job]:
    """Order a trial as the owner."""
    tenant.granted = frozenset(Permission)

    def start(**asked: object) -> Job:
        return services.start(tenant=tenant, actor=owner, kind=JobKind.BULK, what="trial", asked=asked)

    return start


def run(job: Job) -> Job:
    """Do what the worker does, who begins in no property's context, and return the row as it is then."""
    for setting in (TENANT_SETTING, USER_SETTING):
        set_local(setting, "")
    jobs.run(tenant_id=job.tenant_id, job_id=job.pk)
    enter_tenant(job.tenant_id)
    job.refresh_from_db()
    return job
