"""Where a property's programs listen: entered, changed, tried and ended by who may change the property."""

import secrets
from collections.abc import Collection
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.security.alerts import hooks, telling
from portal.security.alerts.kinds import Channel
from portal.security.alerts.posting import Forbidden, is_open, split
from portal.security.models import AlertDelivery, WebhookEndpoint
from portal.security.webhooks import messages
from portal.security.webhooks.events import TEST, Event
from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant

MOST = 10
# Both secrets sign for so long, that a receiver can be given the new one without missing a message.
OVERLAP = timedelta(days=1)
NOT_AN_ADDRESS = _("Write an address on the open internet that begins with https:// and has no user name in it.")


@transaction.atomic
def add(*, tenant: Property, url: str, events: Collection[str], name: str = "") -> tuple[WebhookEndpoint, str]:
    """Return a new endpoint and its secret, which is shown once and not kept.

    Raises ValidationError for an address that no webhook may have, for an unknown event or none, and for the eleventh.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"webhooks of {tenant.pk}"])
    if WebhookEndpoint.objects.filter(tenant=tenant, ended_at=None).count() >= MOST:
        message = _("There are %(most)s webhooks already. End one that is not used any more.") % {"most": MOST}
        raise ValidationError(message, code="too_many")
    endpoint = WebhookEndpoint(tenant=tenant, secret_salt=_salt())
    _fill(endpoint, url=url, events=events, name=name)
    endpoint.save()
    return endpoint, hooks.secret_of(tenant_id=tenant.pk, salt=endpoint.secret_salt)


@transaction.atomic
def change(
    *, tenant: Property, endpoint: WebhookEndpoint, url: str, events: Collection[str], name: str = ""
) -> WebhookEndpoint:
    """Change where it listens and for what. The secret stays. Raises ValidationError as `add` does."""
    endpoint = _locked(tenant, endpoint)
    _fill(endpoint, url=url, events=events, name=name)
    endpoint.save()
    return endpoint


@transaction.atomic
def end(*, tenant: Property, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """End it for good. Its address is forgotten, what waits for it is given up, and what was sent stays listed."""
    endpoint = _locked(tenant, endpoint)
    endpoint.url, endpoint.ended_at = "", timezone.now()
    endpoint.save()
    return endpoint


@transaction.atomic
def new_secret(*, tenant: Property, endpoint: WebhookEndpoint) -> str:
    """Return another secret, shown once. The earlier one signs beside it for a day, and then nothing any more."""
    endpoint = _locked(tenant, endpoint)
    now = timezone.now()
    endpoint.earlier_salt, endpoint.earlier_until = endpoint.secret_salt, now + OVERLAP
    endpoint.secret_salt, endpoint.changed_at = _salt(), now
    endpoint.save()
    return hooks.secret_of(tenant_id=tenant.pk, salt=endpoint.secret_salt)


@transaction.atomic
def send_test(*, tenant: Property, endpoint: WebhookEndpoint) -> AlertDelivery:
    """Send a message that is about nothing."""
    delivery = messages.queued(endpoint=_locked(tenant, endpoint), event=TEST, said={})
    telling.queue(tenant.pk)
    return delivery


@transaction.atomic
def send_again(*, tenant: Property, delivery: AlertDelivery) -> AlertDelivery:
    """Send a webhook's message once more, as another message that says the same. The first one stays as it was."""
    if delivery.tenant != tenant.pk or delivery.channel != Channel.WEBHOOK or delivery.endpoint is None:
        raise ValidationError(_("Only a message of this property's webhook is sent again."), code="not_a_webhook")
    endpoint = _locked(tenant, delivery.endpoint)
    again = messages.queued(endpoint=endpoint, event=delivery.event, said=delivery.payload, alert=delivery.alert)
    telling.queue(tenant.pk)
    return again


def _locked(tenant: Property, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    require_same_tenant(tenant, endpoint)
    endpoint = WebhookEndpoint.objects.select_for_update(of=("self",)).get(pk=endpoint.pk)
    if endpoint.ended_at is not None:
        raise ValidationError(_("This webhook has ended. Add a new one."), code="ended")
    return endpoint


def _fill(endpoint: WebhookEndpoint, *, url: str, events: Collection[str], name: str) -> None:
    wanted = [event.value for event in Event if event in events]
    if not wanted or len(wanted) != len(set(events)):
        message = _("Choose at least one event, and only those that there are.")
        raise ValidationError({"events": ValidationError(message, code="unknown_event")})
    _check(url.strip())
    endpoint.url, endpoint.events, endpoint.name = url.strip(), wanted, name.strip()
    endpoint.changed_at = timezone.now()
    endpoint.full_clean()


def _check(url: str) -> None:
    """What a name leads to is asked when it is called, each time; an address that is written out is judged here."""
    try:
        if not is_open(split(url)):
            raise Forbidden
    except Forbidden:
        raise ValidationError({"url": ValidationError(NOT_AN_ADDRESS, code="not_an_address")}) from None


def _salt() -> str:
    return secrets.token_hex(32)
