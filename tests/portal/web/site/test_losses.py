"""A terminal is declared lost by one member and confirmed by another, on its page."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from recognition.edge.kinds import CopyState
from recognition.edge.models import DeviceCopy, DeviceLoss
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tests import factories

At = Callable[..., str]


@pytest.fixture(autouse=True)
def _english(client: Client) -> None:
    client.cookies["django_language"] = "en"


def other(tenant: Property, role: Role = Role.MANAGER) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.make_member(tenant, role))
    return client


def test_the_way_from_missing_to_lost(client: Client, owner: User, tenant: Property, at: At) -> None:
    device, _code = factories.make_active_device(tenant)
    copy = DeviceCopy(
        tenant=tenant,
        device=device,
        person=factories.make_person(tenant),
        state=CopyState.DELETING,
        since=timezone.now(),
    )
    copy.save()
    page = at("device", device)
    assert at("device_lost", device) in client.get(page).content.decode()
    answer = client.post(at("device_lost", device), {"reason": ""})
    assert answer.status_code == 200
    client.post(at("device_lost", device), {"reason": "被盗，已报警"})
    loss = DeviceLoss.objects.get()
    assert loss.declared_by == owner
    assert at("device_loss_confirm", device) not in client.get(page).content.decode(), "Not for the one who said so"
    assert client.post(at("device_loss_confirm", device)).status_code == 200, "The form comes back with the reason"
    loss.refresh_from_db()
    assert loss.confirmed_at is None
    second = other(tenant)
    assert at("device_loss_confirm", device) in second.get(page).content.decode()
    asked = second.get(at("device_loss_confirm", device)).content.decode()
    assert "被盗，已报警" in asked
    assert second.post(at("device_loss_confirm", device)).status_code == 302
    copy.refresh_from_db()
    assert copy.state == CopyState.LOST
    shown = second.get(page).content.decode()
    assert "Lost since" in shown
    assert at("device_pairing", device) in shown
    assert second.get(at("device_loss_confirm", device)).status_code == 302


def test_it_is_taken_back(client: Client, tenant: Property, at: At) -> None:
    device, _code = factories.make_active_device(tenant)
    client.post(at("device_lost", device), {"reason": "找不到"})
    assert "Erasures go on waiting" in client.get(at("device_loss_take_back", device)).content.decode()
    assert client.post(at("device_loss_take_back", device)).status_code == 302
    assert DeviceLoss.objects.get().taken_back_at is not None
    assert client.get(at("device_loss_take_back", device)).status_code == 302


def test_the_desk_and_the_auditor_declare_nothing(tenant: Property, at: At) -> None:
    device, _code = factories.make_active_device(tenant)
    for role in (Role.FRONT_DESK, Role.AUDITOR):
        assert other(tenant, role).post(at("device_lost", device), {"reason": "x"}).status_code == 403
    assert not DeviceLoss.objects.exists()
