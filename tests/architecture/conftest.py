"""Two properties with a row of everything, made once for each file, and a way to ask for any address."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoDbBlocker

from tenants.organizations import actors
from tenants.organizations.models import Notification, Property, User
from tenants.organizations.news import NotificationKind
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.accounts import create_account
from tenants.organizations.services.notifications import tell
from tests import factories
from tests.architecture.catalogue import query, undone
from tests.architecture.rows import Rows, fill, order_work
from tests.roles import database_role

Ask = Callable[..., HttpResponse]


class Two(NamedTuple):
    ours: Rows
    foreign: Rows


@pytest.fixture(scope="module")
def two(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Two]:
    """Committed, so that each test may undo its own changes; emptied after the file."""
    with django_db_blocker.unblock():
        try:
            with database_role("web"), transaction.atomic():
                rows = Two(fill(), fill())
                connection.run_on_commit.clear()  # no worker is there to be told
            actors.name("")  # the terminals of the rows act no longer, as at the beginning of a request
            yield rows
        finally:
            call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def ours(two: Two) -> Rows:
    return two.ours


@pytest.fixture
def foreign(two: Two) -> Rows:
    return two.foreign


@pytest.fixture
def ask() -> Ask:
    """One request as one user, in a transaction that is undone: nothing of a sweep is left to the next request."""
    clients: dict[object, Client] = {}

    def _ask(user: User | None, method: str, url: str, data: object = None, **options: object) -> HttpResponse:
        key = user.pk if user else None
        if key not in clients:
            clients[key] = Client(raise_request_exception=False)
            if user:
                clients[key].force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        with undone():
            leave_context()
            return clients[key].generic(method.upper(), url, *([] if data is None else [data]), **options)

    return _ask


def leave_context() -> None:
    query(
        "SELECT set_config('consentry.' || name, '', true) FROM unnest(%s::text[]) name", ["tenant", "user", "platform"]
    )


def told(tenant: Property, user: User) -> object:
    """Something that this member alone is told."""
    tell(tenant=tenant, kind=NotificationKind.JOB_DONE, occasion=str(user.pk), only=[user.pk])
    return Notification.objects.get(user=user, kind=NotificationKind.JOB_DONE).pk


@pytest.fixture
def members(ours: Rows) -> dict[Role, User]:
    enter_tenant(ours.tenant.pk)
    found = {role: factories.make_member(ours.tenant, role) for role in Role}
    ours.ids["job"] = order_work(ours.tenant, found[Role.OWNER])  # of whom alone its pages open to
    ours.ids["notification"] = told(ours.tenant, found[Role.OWNER])  # so is what a member is told
    return found


@pytest.fixture
def staff(db: None) -> User:
    """The platform's superuser."""
    account = create_account(email="platform@example.com", password=factories.PASSWORD)
    account.is_staff = account.is_superuser = True
    account.save()
    return account
