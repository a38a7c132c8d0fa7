"""What the tests of notifications share: an own postbox, and what a member was told."""

from collections.abc import Callable, Iterator

import pytest
from pytest_django import Settings

from portal.telling.sentences import Said, say
from tenants.organizations.models import Notification, Property, User
from tenants.organizations.scoping import enter_tenant
from tests.senders import Postbox

Told = Callable[..., list[Said]]


@pytest.fixture(autouse=True)
def _postbox(settings: Settings) -> Iterator[None]:
    settings.MAIL_SENDER = settings.SMS_SENDER = "tests.senders.Postbox"
    Postbox.sent.clear()
    yield
    Postbox.sent.clear()


@pytest.fixture
def told(tenant: Property) -> Told:
    """What somebody was told here, or everybody when nobody is named, in words, the first one first."""

    def read(user: User | None = None) -> list[Said]:
        enter_tenant(tenant.pk)
        rows = Notification.objects.filter(tenant=tenant).order_by("created_at", "pk")
        return say(tenant, rows.filter(user=user) if user else rows)

    return read
