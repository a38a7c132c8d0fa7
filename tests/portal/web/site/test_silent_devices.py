"""The page of a terminal that no longer reports says so, and what to do."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.premises.models import Device
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_silent_terminal_s_page_says_what_to_do_until_it_reports(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    device, _code = factories.make_active_device(tenant)
    mine = Device.objects.filter(pk=device.pk)
    now = timezone.now()
    mine.update(pairing_used_at=now, last_seen_at=now - timedelta(hours=2))
    silent = client.get(at("device", device))
    assert silent.context["connection"]["silent_since"] == now - timedelta(hours=2)
    mine.update(last_seen_at=now)
    heard = client.get(at("device", device))
    assert heard.context["connection"]["silent_since"] is None
    pairings = [page.content.decode().count(at("device_pairing", device)) for page in (silent, heard)]
    assert pairings[0] == pairings[1] + 1, "the note leads to where the terminal is paired again"
