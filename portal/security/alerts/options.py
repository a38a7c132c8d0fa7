"""How a property is told of alerts, and what the portal may do by itself: read and changed by its owner."""

import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.security.alerts import hooks, telling
from portal.security.alerts.kinds import Channel
from portal.security.alerts.posting import Forbidden, is_open, split
from portal.security.models import AlertDelivery, AlertSettings
from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant

NOT_AN_ADDRESS = _("Write an address on the open internet that begins with https:// and has no user name in it.")
NO_WEBHOOK = _("There is no webhook. Save its address first.")


def options(tenant: Property) -> AlertSettings:
    """Return the settings of a property; one that has none yet gets the defaults, unsaved."""
    return AlertSettings.objects.filter(tenant=tenant).first() or AlertSettings(tenant=tenant)


@transaction.atomic
def change(
    *, tenant: Property, phone: str, webhook_url: str, locks_accounts: bool, suspends_devices: bool
) -> str | None:
    """Change the settings. A new webhook has a new secret, which is returned once and not kept; else None.

    Raises ValidationError for an address that no webhook may have.
    """
    row = _locked(tenant)
    webhook_url = webhook_url.strip()
    row.phone, row.locks_accounts, row.suspends_devices = phone.strip(), locks_accounts, suspends_devices
    is_new = bool(webhook_url) and not row.webhook_url
    if webhook_url != row.webhook_url:
        _check(webhook_url)
        row.webhook_url, row.webhook_changed_at = webhook_url, timezone.now()
    if is_new:
        row.secret_salt = secrets.token_hex(32)
    row.full_clean()
    row.save()
    return _secret(row) if is_new else None


@transaction.atomic
def new_secret(*, tenant: Property) -> str:
    """Give the webhook another secret and return it, once; the earlier one signs nothing any more."""
    row = _with_webhook(tenant)
    row.secret_salt, row.webhook_changed_at = secrets.token_hex(32), timezone.now()
    row.save()
    return _secret(row)


@transaction.atomic
def send_test(*, tenant: Property) -> AlertDelivery:
    """Send the webhook a message that is about nothing. Raises ValidationError where there is none."""
    _with_webhook(tenant)
    return _queued(AlertDelivery(tenant=tenant.pk, channel=Channel.WEBHOOK))


@transaction.atomic
def send_again(*, tenant: Property, delivery: AlertDelivery) -> AlertDelivery:
    """Send a webhook's message once more, as the alert stands now. The first one stays in the list as it was."""
    _with_webhook(tenant)
    if delivery.tenant != tenant.pk or delivery.channel != Channel.WEBHOOK:
        raise ValidationError(_("Only a message of this property's webhook is sent again."), code="not_a_webhook")
    return _queued(AlertDelivery(tenant=tenant.pk, channel=Channel.WEBHOOK, alert=delivery.alert))


def _queued(delivery: AlertDelivery) -> AlertDelivery:
    delivery.next_try_at = timezone.now()
    delivery.save()
    telling.queue(delivery.tenant)
    return delivery


def _locked(tenant: Property) -> AlertSettings:
    row, _is_new = AlertSettings.objects.get_or_create(tenant=tenant)
    require_same_tenant(tenant, row)
    return AlertSettings.objects.select_for_update(of=("self",)).get(pk=row.pk)


def _with_webhook(tenant: Property) -> AlertSettings:
    row = _locked(tenant)
    if not row.webhook_url:
        raise ValidationError(NO_WEBHOOK, code="no_webhook")
    return row


def _check(url: str) -> None:
    """What a name leads to is asked when it is called, each time; an address that is written out is judged here."""
    try:
        if url and not is_open(split(url)):
            raise Forbidden
    except Forbidden:
        raise ValidationError({"webhook_url": ValidationError(NOT_AN_ADDRESS, code="not_an_address")}) from None


def _secret(row: AlertSettings) -> str:
    return hooks.secret_of(tenant_id=row.tenant_id, salt=row.secret_salt)
