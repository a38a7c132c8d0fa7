"""Alerts by the API: the same rows, words and rules as on the pages."""

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from portal.security.alerts.raising import ring
from portal.security.models import Alert
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tests import factories
from tests.portal.api.conftest import Caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert(tenant: Property) -> Alert:
    return ring("mass_reading", tenant.pk, "user:aaaa", {"count": 150}, timezone.now())


def test_an_alert_is_listed_read_closed_and_opened_again(
    api: APIClient, base: str, alert: Alert, owner: User, tenant: Property
) -> None:
    ring("mass_reading", factories.make_property().pk, "user:bbbb", {}, timezone.now())
    [row] = api.get(f"{base}alerts/", {"state": "new", "q": "aaaa"}).json()["results"]
    assert (row["id"], row["facts"], row["severity"]) == (str(alert.pk), {"count": 150}, "high")
    one = f"{base}alerts/{alert.pk}/"
    closed = api.post(f"{one}handle/", {"text": "与当事人核对过"}, format="json").json()
    assert (closed["state"], closed["handled_by"]) == ("handled", str(owner.pk))
    again = api.post(f"{one}handle/", {"text": "再来"}, format="json")
    assert (again.status_code, again.json()["code"]) == (400, "closed")
    api.post(f"{one}reopen/")
    read = api.get(one).json()
    assert [(step["kind"], step["text"]) for step in read["steps"]] == [("handled", "与当事人核对过"), ("reopened", "")]
    assert read["state"] == "new" and read["advice"] and "PIPL" in read["article"]


def test_who_may_only_see_alerts_closes_none(caller: Caller, base: str, alert: Alert, tenant: Property) -> None:
    auditor = caller(factories.make_member(tenant, Role.AUDITOR))
    assert auditor.get(f"{base}alerts/{alert.pk}/").status_code == 200
    assert auditor.post(f"{base}alerts/{alert.pk}/handle/", {"text": "x"}, format="json").status_code == 403
    desk = caller(factories.make_member(tenant, Role.FRONT_DESK))
    assert desk.get(f"{base}alerts/").status_code == 403
