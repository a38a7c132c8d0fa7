"""Alerts about the platform are closed in its administration; those of properties are not there."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.security.alerts.kinds import AlertState
from portal.security.alerts.places import place
from portal.security.alerts.raising import ring
from portal.security.models import Alert
from tenants.organizations.models import Property, User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(db: None) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create_user("staff@example.com", factories.PASSWORD, is_staff=True))
    return client


def page(alert: Alert) -> str:
    return reverse("admin:security_alert_change", args=[alert.pk])


def rung(tenant: Property | None) -> Alert:
    return ring("audit_broken", tenant.pk if tenant else None, "log:1", {"count": 1}, timezone.now())


def state(alert: Alert) -> str:
    with place(None):
        return Alert.objects.get(pk=alert.pk).state


def test_staff_read_the_platforms_alerts_and_close_them_with_what_they_did(staff: Client) -> None:
    alert = rung(None)
    assert "The log was changed" in staff.get(reverse("admin:security_alert_changelist")).content.decode()
    assert 'name="text"' in staff.get(page(alert)).content.decode()
    assert staff.post(page(alert), {"text": " "}).status_code == 200
    assert state(alert) == AlertState.NEW
    assert staff.post(page(alert), {"text": "Restored from the backup.", "is_false": ""}).status_code == 302
    assert state(alert) == AlertState.HANDLED
    closed = staff.get(page(alert)).content.decode()
    assert "Restored from the backup." in closed and 'name="text"' not in closed
    assert staff.post(page(alert), {"text": "again"}).status_code == 403


def test_a_propertys_alert_is_not_in_the_administration(staff: Client, tenant: Property) -> None:
    alert = rung(tenant)
    assert str(alert.pk) not in staff.get(reverse("admin:security_alert_changelist")).content.decode()
    assert staff.get(page(alert), follow=True).redirect_chain[-1][0] == reverse("admin:index")


def test_nobody_adds_or_deletes_one(staff: Client) -> None:
    alert = rung(None)
    assert staff.get(reverse("admin:security_alert_add")).status_code == 403
    assert staff.post(reverse("admin:security_alert_delete", args=[alert.pk]), {"post": "yes"}).status_code == 403
