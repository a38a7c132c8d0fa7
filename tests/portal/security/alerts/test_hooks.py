"""A property's webhook: signed so that the sample of the manual accepts it, retried, listed, and without any secret."""

import json
import logging
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import Settings

from portal.security.alerts import delivering, options
from portal.security.alerts.kinds import Channel, DeliveryReason, DeliveryState
from portal.security.alerts.raising import ring
from portal.security.models import AlertDelivery, AlertSettings
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tests import factories
from tests.architecture.catalogue import query
from tests.portal.security.alerts.receivers import Received, Receiver, receiving

pytestmark = pytest.mark.django_db

MANUAL = Path(__file__).parents[4] / "docs" / "alerts.md"


def is_ours(secret: str, got: Received) -> bool:
    """Judge as the sample of the manual does."""
    [sample] = re.findall(r"```python\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(sample, names)  # noqa: S102 - our own manual
    return names["is_ours"](secret, got.headers, got.body)


def set_up(tenant: Property, url: str) -> str:
    secret = options.change(tenant=tenant, phone="", webhook_url=url, locks_accounts=False, suspends_devices=False)
    assert secret
    return secret


def hooks(tenant: Property) -> list[AlertDelivery]:
    enter_tenant(tenant.pk)
    return list(AlertDelivery.objects.filter(channel=Channel.WEBHOOK).order_by("created_at"))


def due_now(tenant: Property) -> None:
    enter_tenant(tenant.pk)
    AlertDelivery.objects.filter(state=DeliveryState.WAITING).update(next_try_at=timezone.now())
    delivering.deliver(tenant_id=tenant.pk)


def test_an_alert_arrives_signed_and_names_nobody(tenant: Property) -> None:
    desk = factories.make_member(tenant)
    with receiving(Receiver()) as receiver:
        secret = set_up(tenant, receiver.url)
        alert = ring("mass_reading", tenant.pk, f"user:{desk.pk}", {"count": 150}, timezone.now())
        delivering.deliver(tenant_id=tenant.pk)
    [got] = receiver.got
    assert is_ours(secret, got)
    assert not is_ours("whsec_" + "A" * 43 + "=", got)
    assert not is_ours(secret, Received(got.path, got.headers, got.body + b" "))
    late = got.headers | {"webhook-timestamp": str(int(got.headers["webhook-timestamp"]) - 301)}
    assert not is_ours(secret, Received(got.path, late, got.body))
    said = json.loads(got.body)
    assert said["type"] == "alert.rang"
    assert said["data"]["alert"] == str(alert.pk) and said["data"]["subject"] == f"user:{desk.pk}"
    assert said["data"]["facts"] == {"count": 150}
    assert desk.email.encode() not in got.body and tenant.name not in got.body.decode()
    [row] = hooks(tenant)
    assert (row.state, row.status, row.attempts, str(row.pk)) == (DeliveryState.SENT, 204, 1, got.headers["webhook-id"])


def test_what_the_receiver_refuses_is_tried_again_by_the_same_number(tenant: Property) -> None:
    with receiving(Receiver(answers=[500, 302, 200])) as receiver:
        set_up(tenant, receiver.url)
        options.send_test(tenant=tenant)
        delivering.deliver(tenant_id=tenant.pk)
        [row] = hooks(tenant)
        assert (row.state, row.reason, row.status) == (DeliveryState.WAITING, DeliveryReason.REFUSED, 500)
        assert row.next_try_at > timezone.now() + timedelta(seconds=50)
        delivering.deliver(tenant_id=tenant.pk)
        assert len(receiver.got) == 1, "its pause is not over"
        due_now(tenant)
        due_now(tenant)
    [row] = hooks(tenant)
    assert (row.state, row.reason, row.status, row.attempts) == (DeliveryState.SENT, "", 200, 3)
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1
    assert json.loads(receiver.got[0].body)["type"] == "alert.test"


def test_a_receiver_that_never_answers_is_given_up(tenant: Property) -> None:
    with receiving(Receiver()) as receiver:
        url = receiver.url
    set_up(tenant, url)
    options.send_test(tenant=tenant)
    for _attempt in range(len(delivering.PAUSES) + 1):
        due_now(tenant)
    [row] = hooks(tenant)
    assert (row.state, row.reason, row.attempts) == (DeliveryState.FAILED, DeliveryReason.NO_ANSWER, 8)


def test_a_name_that_leads_into_a_private_network_is_not_called(tenant: Property) -> None:
    set_up(tenant, "https://127.1/")  # numbers that only a resolver reads
    options.send_test(tenant=tenant)
    delivering.deliver(tenant_id=tenant.pk)
    [row] = hooks(tenant)
    assert (row.state, row.reason) == (DeliveryState.FAILED, DeliveryReason.FORBIDDEN)


def test_a_message_sent_again_is_another_message_about_the_same(tenant: Property) -> None:
    with receiving(Receiver()) as receiver:
        set_up(tenant, receiver.url)
        ring("mass_reading", tenant.pk, "user:aaaa", {}, timezone.now())
        delivering.deliver(tenant_id=tenant.pk)
        [first] = hooks(tenant)
        options.send_again(tenant=tenant, delivery=first)
        delivering.deliver(tenant_id=tenant.pk)
    one, two = (got.headers["webhook-id"] for got in receiver.got)
    assert one != two
    assert [row.alert_id for row in hooks(tenant)] == [first.alert_id] * 2


def test_a_new_secret_ends_the_earlier_one(tenant: Property) -> None:
    with receiving(Receiver()) as receiver:
        old = set_up(tenant, receiver.url)
        new = options.new_secret(tenant=tenant)
        options.send_test(tenant=tenant)
        delivering.deliver(tenant_id=tenant.pk)
    [got] = receiver.got
    assert is_ours(new, got) and not is_ours(old, got)


def test_the_secret_is_shown_once_and_is_nowhere_in_the_database_or_the_log(
    tenant: Property, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with receiving(Receiver(answers=[500])) as receiver:
        secret = set_up(tenant, receiver.url)
        other = f"{receiver.url}&key=hook-key-of-theirs"
        again = options.change(tenant=tenant, phone="1", webhook_url=other, locks_accounts=True, suspends_devices=False)
        options.send_test(tenant=tenant)
        delivering.deliver(tenant_id=tenant.pk)
    assert again is None, "another address keeps the secret, which is not shown again"
    rows = [
        str(row)
        for table in ("security_alertsettings", "security_alertdelivery", "auditlog_logentry")
        for row in query(f"SELECT to_jsonb(t) FROM {table} t")  # noqa: S608 - our own tables
    ]
    core = secret.removeprefix("whsec_")
    assert rows and not [row for row in rows if core in row]
    assert core not in caplog.text and "hook-key-of-theirs" not in caplog.text
    log = [str(row) for row in query("SELECT changes FROM auditlog_logentry")]
    assert not [row for row in log if "hook-key-of-theirs" in row]


@pytest.mark.parametrize(
    "url",
    [
        "http://hook.example/",
        "https://me:pw@hook.example/",
        "hook.example",
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://localhost/",
    ],
)
def test_an_address_that_no_webhook_may_have_is_refused(tenant: Property, url: str, settings: Settings) -> None:
    settings.WEBHOOK_LOOPBACK_ALLOWED = False
    with pytest.raises(ValidationError, match="https://"):
        options.change(tenant=tenant, phone="", webhook_url=url, locks_accounts=False, suspends_devices=False)


def test_without_a_webhook_nothing_is_sent_and_it_is_said(tenant: Property) -> None:
    for act in (options.send_test, options.new_secret):
        with pytest.raises(ValidationError):
            act(tenant=tenant)
    set_up(tenant, "https://hook.example/")
    options.send_test(tenant=tenant)
    options.change(tenant=tenant, phone="", webhook_url="", locks_accounts=False, suspends_devices=False)
    delivering.deliver(tenant_id=tenant.pk)
    [row] = hooks(tenant)
    assert (row.state, row.reason) == (DeliveryState.FAILED, DeliveryReason.NO_ADDRESS)
    assert AlertSettings.objects.get().webhook_url == ""
