"""The page of decoys: laid out by an owner, rung by whoever touches one, silent when it has ended."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.security.detection import counting, decoys
from portal.security.models import Alert, ApiToken, Decoy
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.people.models import Person
from tests import factories

pytestmark = pytest.mark.django_db
Committed = Callable[..., Any]


@pytest.fixture
def client(owner: User) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(owner)
    return client


def rules(tenant: Property) -> list[str]:
    enter_tenant(tenant.pk)
    return list(Alert.objects.filter(tenant=tenant.pk).values_list("rule", flat=True))


def test_an_invented_person_rings_until_the_decoy_has_ended(
    client: Client, tenant: Property, django_capture_on_commit_callbacks: Committed
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("decoy_person", args=[tenant.slug]), {"name": "周建国", "room": "9-1801"})
    assert answer.status_code == 302
    assert "周建国" in client.get(answer["Location"]).content.decode()
    enter_tenant(tenant.pk)
    decoy, person = Decoy.objects.get(), Person.objects.get()
    assert decoy.subject == f"person:{person.pk}"
    assert rules(tenant) == [], "the list of decoys opens no record"
    desk = Client()
    desk.force_login(factories.make_member(tenant, Role.FRONT_DESK))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("decoy_end", args=[tenant.slug, decoy.pk])).status_code == 302
    assert desk.get(reverse("person", args=[tenant.slug, person.pk])).status_code == 200
    assert rules(tenant) == []


def test_a_key_is_shown_once_and_stopped_with_its_decoy(client: Client, tenant: Property) -> None:
    page = client.post(reverse("decoy_key", args=[tenant.slug]), {"name": "备份"})
    assert page["Cache-Control"] == "no-store"
    assert re.search(r"cst_[\w-]{40,}", page.content.decode())
    listed = client.get(reverse("decoys", args=[tenant.slug])).content.decode()
    assert "备份" in listed and "cst_" not in listed
    enter_tenant(tenant.pk)
    client.post(reverse("decoy_end", args=[tenant.slug, Decoy.objects.get().pk]))
    enter_tenant(tenant.pk)
    assert ApiToken.objects.get().revoked_at is not None
    assert client.get(reverse("decoy_end", args=[tenant.slug, Decoy.objects.get().pk])).status_code == 404


def test_the_cache_is_told_again_what_it_has_forgotten(
    tenant: Property, owner: User, django_capture_on_commit_callbacks: Committed
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        decoy = decoys.invent_person(tenant=tenant, actor=owner, name="周建国")
    counting.connection().flushdb()
    decoys.lay_out_all()
    assert counting.connection().smembers(counting.DECOYS) == {decoy.subject.encode()}


def test_twenty_are_enough(client: Client, tenant: Property, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoys, "MOST", 1)
    url = reverse("decoy_person", args=[tenant.slug])
    assert client.post(url, {"name": "周建国"}).status_code == 302
    assert "decoys are enough" in client.post(url, {"name": "吴建军"}).content.decode()
    enter_tenant(tenant.pk)
    assert Person.objects.count() == 1, "nobody stays behind without a decoy"


def test_the_log_does_not_say_which_record_is_a_decoy(client: Client, tenant: Property) -> None:
    client.post(reverse("decoy_person", args=[tenant.slug]), {"name": "周建国"})
    page = client.get(reverse("audit", args=[tenant.slug])).content.decode()
    enter_tenant(tenant.pk)
    decoy = Decoy.objects.get()
    assert str(decoy.pk) in page
    line = next(row for row in page.split("<tr") if str(decoy.pk) in row)
    assert decoy.subject.removeprefix("person:") not in line
