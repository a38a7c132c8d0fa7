"""The pages of webhooks: a secret shown once, a test and a second sending in the list, and what a message says."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from portal.security.alerts.kinds import Channel, DeliveryState
from portal.security.models import AlertDelivery, WebhookEndpoint
from portal.security.webhooks import endpoints
from portal.security.webhooks.events import Event
from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tests import factories

pytestmark = pytest.mark.django_db
At = Callable[..., str]
EN = {"HTTP_ACCEPT_LANGUAGE": "en"}
HOOK = {"name": "大屏", "url": "https://hook.example/a", "events": ["alert.rang", "request.received"]}


def said(client: Client, address: str) -> str:
    answer = client.get(address, **EN)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def endpoint(tenant: Property) -> WebhookEndpoint:
    return endpoints.add(tenant=tenant, **HOOK)[0]


def test_a_new_webhook_shows_its_secret_once(client: Client, tenant: Property, at: At) -> None:
    answer = client.post(at("webhook_add"), HOOK, **EN)
    [secret] = re.findall(r"whsec_[A-Za-z0-9+/]{43}=", answer.content.decode())
    assert answer["Cache-Control"] == "no-store"
    page = said(client, at("webhooks"))
    assert secret not in page and "https://hook.example/a" in page and "An alert rang; A request was received" in page
    enter_tenant(tenant.pk)
    endpoint = WebhookEndpoint.objects.get()
    assert client.post(at("webhook", endpoint), HOOK | {"events": ["device.silent"]}).status_code == 302
    renewed = client.post(at("webhook_secret", endpoint), {}).content.decode()
    assert "whsec_" in renewed and secret not in renewed
    enter_tenant(tenant.pk)
    endpoint.refresh_from_db()
    assert endpoint.events == [Event.DEVICE_SILENT] and endpoint.earlier_until is not None


def test_an_address_that_no_webhook_may_have_stands_beside_its_field(client: Client, at: At) -> None:
    answer = client.post(at("webhook_add"), HOOK | {"url": "ftp://hook.example/"}, **EN)
    assert "begins with https://" in str(answer.context["form"].errors["url"])


def test_a_test_and_a_second_sending_stand_in_the_list(
    client: Client, tenant: Property, endpoint: WebhookEndpoint, at: At
) -> None:
    client.post(at("webhook_test", endpoint))
    enter_tenant(tenant.pk)
    first = AlertDelivery.objects.get()
    assert (first.channel, first.state, first.event) == (Channel.WEBHOOK, DeliveryState.WAITING, "webhook.test")
    client.post(at("alert_delivery_again", first))
    assert said(client, at("alert_deliveries")).count('data-label="About">A test') == 2
    assert "webhook.test" in said(client, at("delivery", first))
    foreign = factories.make_property()
    enter_tenant(foreign.pk)
    theirs = AlertDelivery.objects.create(tenant=foreign.pk, channel=Channel.WEBHOOK)
    assert client.post(at("alert_delivery_again", theirs)).status_code == 404
    assert client.get(at("delivery", theirs)).status_code == 404


def test_an_ended_webhook_is_gone_and_only_an_owner_comes_here(
    client: Client, tenant: Property, endpoint: WebhookEndpoint, at: At, as_role: Callable[[Role], Client]
) -> None:
    assert as_role(Role.AUDITOR).get(at("webhooks")).status_code == 403
    assert "https://hook.example/a" in said(client, at("webhook_end", endpoint))
    client.post(at("webhook_end", endpoint))
    assert "No webhook yet" in said(client, at("webhooks"))
    assert client.get(at("webhook", endpoint)).status_code == 404
