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

from portal.client import is_ours as by_client_rules
from portal.security.alerts import delivering
from portal.security.alerts.kinds import Channel, DeliveryReason, DeliveryState
from portal.security.alerts.raising import ring
from portal.security.models import AlertDelivery, WebhookEndpoint
from portal.security.webhooks import endpoints
from portal.security.webhooks.events import Event
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


def by_client(secret: str, got: Received) -> bool:
    return by_client_rules(secret, got.headers, got.body)


def set_up(tenant: Property, url: str) -> tuple[WebhookEndpoint, str]:
    return endpoints.add(tenant=tenant, url=url, events=[Event.ALERT])


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
        _endpoint, secret = set_up(tenant, receiver.url)
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
        endpoint, _secret = set_up(tenant, receiver.url)
        endpoints.send_test(tenant=tenant, endpoint=endpoint)
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
    assert len({(got.headers["webhook-id"], got.body) for got in receiver.got}) == 1
    assert json.loads(receiver.got[0].body)["type"] == "webhook.test"


def test_a_receiver_that_never_answers_is_given_up(tenant: Property) -> None:
    with receiving(Receiver()) as receiver:
        url = receiver.url
    endpoint, _secret = set_up(tenant, url)
    endpoints.send_test(tenant=tenant, endpoint=endpoint)
    for _attempt in range(len(delivering.PAUSES) + 1):
        due_now(tenant)
    [row] = hooks(tenant)
    assert (row.state, row.reason, row.attempts) == (DeliveryState.FAILED, DeliveryReason.NO_ANSWER, 8)


def test_a_name_that_leads_into_a_private_network_is_not_called(tenant: Property) -> None:
    endpoint, _secret = set_up(tenant, "https://127.1/")  # numbers that only a resolver reads
    endpoints.send_test(tenant=tenant, endpoint=endpoint)
    delivering.deliver(tenant_id=tenant.pk)
    [row] = hooks(tenant)
    assert (row.state, row.reason) == (DeliveryState.FAILED, DeliveryReason.FORBIDDEN)


def test_a_message_sent_again_is_another_message_about_the_same(tenant: Property) -> None:
    with receiving(Receiver()) as receiver:
        set_up(tenant, receiver.url)
        ring("mass_reading", tenant.pk, "user:aaaa", {}, timezone.now())
        delivering.deliver(tenant_id=tenant.pk)
        [first] = hooks(tenant)
        endpoints.send_again(tenant=tenant, delivery=first)
        delivering.deliver(tenant_id=tenant.pk)
    one, two = (got.headers["webhook-id"] for got in receiver.got)
    assert one != two and len({json.dumps(json.loads(got.body)["data"]) for got in receiver.got}) == 1
    assert [row.alert_id for row in hooks(tenant)] == [first.alert_id] * 2


def test_for_a_day_both_secrets_sign_and_then_the_new_one_alone(tenant: Property) -> None:
    with receiving(Receiver()) as receiver:
        endpoint, old = set_up(tenant, receiver.url)
        new = endpoints.new_secret(tenant=tenant, endpoint=endpoint)
        endpoints.send_test(tenant=tenant, endpoint=endpoint)
        delivering.deliver(tenant_id=tenant.pk)
        enter_tenant(tenant.pk)
        WebhookEndpoint.objects.update(earlier_until=timezone.now())
        endpoints.send_test(tenant=tenant, endpoint=endpoint)
        delivering.deliver(tenant_id=tenant.pk)
    during, after = receiver.got
    assert is_ours(new, during) and is_ours(old, during)
    assert is_ours(new, after) and not is_ours(old, after)
    assert by_client(new, during) and by_client(old, during) and not by_client(old, after)


def test_the_secret_is_shown_once_and_is_nowhere_in_the_database_or_the_log(
    tenant: Property, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with receiving(Receiver(answers=[500])) as receiver:
        endpoint, secret = set_up(tenant, receiver.url)
        other = f"{receiver.url}&key=hook-key-of-theirs"
        endpoints.change(tenant=tenant, endpoint=endpoint, url=other, events=[Event.ALERT, Event.DEVICE_SILENT])
        endpoints.send_test(tenant=tenant, endpoint=endpoint)
        delivering.deliver(tenant_id=tenant.pk)
    assert is_ours(secret, receiver.got[0]), "another address keeps the secret"
    rows = [
        str(row)
        for table in ("security_webhookendpoint", "security_alertdelivery", "auditlog_logentry")
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
        set_up(tenant, url)


def test_an_ended_webhook_gets_nothing_more_and_forgets_its_address(tenant: Property) -> None:
    with receiving(Receiver()) as receiver:
        endpoint, _secret = set_up(tenant, receiver.url)
        endpoints.send_test(tenant=tenant, endpoint=endpoint)
        endpoints.end(tenant=tenant, endpoint=endpoint)
        ring("mass_reading", tenant.pk, "user:aaaa", {}, timezone.now())
        delivering.deliver(tenant_id=tenant.pk)
    [row] = hooks(tenant)
    assert (row.state, row.reason, receiver.got) == (DeliveryState.FAILED, DeliveryReason.NO_ADDRESS, [])
    assert WebhookEndpoint.objects.get().url == ""
    for act in (endpoints.send_test, endpoints.new_secret, endpoints.end):
        with pytest.raises(ValidationError, match=r"ended|停用"):
            act(tenant=tenant, endpoint=endpoint)
    with pytest.raises(ValidationError):
        endpoints.send_again(tenant=tenant, delivery=row)
