"""Nonces are forgotten when the clock refuses their requests anyway; the boot that speaks now never is."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from recognition.edge import rules, sweeps
from recognition.edge.models import DeviceBoot, DeviceNonce
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tests import factories
from tests.roles import database_role
from tests.terminals import paired


@pytest.mark.django_db
def test_what_can_prove_nothing_any_more_is_swept(tenant: Property) -> None:
    _device, code = factories.make_device(tenant)
    terminal = paired(code, Client())
    first = terminal.boot
    terminal.restart()
    terminal.ahead = 1
    assert terminal.heartbeat().status_code == 200
    enter_tenant(tenant.pk)
    assert (DeviceNonce.objects.count(), DeviceBoot.objects.count()) == (2, 2)
    assert sweeps.sweep_nonces() == 0
    enter_tenant(tenant.pk)
    with database_role("owner"):  # the portal itself changes neither
        DeviceBoot.objects.update(at=timezone.now() - rules.BOOT_LIFETIME - timedelta(days=1))
        late = DeviceNonce.objects.filter(nonce__startswith=first)
        late.update(at=timezone.now() - rules.NONCE_LIFETIME - timedelta(seconds=1))
    assert sweeps.sweep_nonces() == 2
    enter_tenant(tenant.pk)
    assert DeviceBoot.objects.get().boot == terminal.boot
    assert DeviceNonce.objects.get().nonce.startswith(terminal.boot)
