"""A POST under an idempotency key is done once, however often and by how many threads it is sent."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.test import APIClient

from portal.security import idempotency
from portal.security.models import KeptAnswer
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission as P
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant, tenant_context
from tenants.people.models import Pass, Person
from tenants.premises.models import Zone
from tenants.rights.models import Erasure
from tenants.rights.services.erasures import order_erasure
from tests import factories
from tests.architecture.catalogue import query
from tests.portal.api.conftest import Caller
from tests.portal.api.test_tokens import by, issue
from tests.roles import database_role
from tests.threads import Job, interleave

GATE, KEY = {"name": "东门", "kind": "gate"}, "8e03978e-40d5-43dd-bc93-6894a57f9324"


def send(client: APIClient, url: str, body: object, key: str = KEY) -> HttpResponse:
    return client.post(url, body, format="json", headers={"Idempotency-Key": key})


def zones(tenant: Property) -> int:
    enter_tenant(tenant.pk)
    return Zone.objects.count()


@pytest.mark.django_db
def test_the_same_request_is_answered_the_same_and_done_once(api: APIClient, base: str, tenant: Property) -> None:
    first = send(api, f"{base}zones/", GATE)
    again = send(api, f"{base}zones/", GATE, key=f'"{KEY}"')
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert again["Idempotent-Replayed"] == "true" and "Idempotent-Replayed" not in first
    assert again["Content-Type"] == first["Content-Type"] and "no-store" in again["Cache-Control"]
    assert zones(tenant) == 1
    other = send(api, f"{base}zones/", GATE | {"name": "西门"}, key="another")
    assert other.status_code == 201 and zones(tenant) == 2


@pytest.mark.django_db
def test_another_request_under_the_key_is_refused(api: APIClient, base: str, tenant: Property) -> None:
    send(api, f"{base}zones/", GATE)
    for url, body in ((f"{base}zones/", GATE | {"name": "西门"}), (f"{base}zones/?x=1", GATE), (f"{base}doors/", GATE)):
        answer = send(api, url, body)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert zones(tenant) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", " ", '""', "x" * 256, "门"])
def test_a_key_that_is_none_is_refused(api: APIClient, base: str, key: str, tenant: Property) -> None:
    answer = send(api, f"{base}zones/", GATE, key)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_invalid")
    assert zones(tenant) == 0


@pytest.mark.django_db
def test_each_caller_has_keys_of_their_own(
    api: APIClient, caller: Caller, base: str, tenant: Property, owner: User
) -> None:
    colleague, token = (
        factories.make_member(tenant, Role.OWNER),
        issue(tenant, owner, P.VIEW_PREMISES, P.MANAGE_PREMISES),
    )
    clients = (api, caller(colleague), by(token))
    answers = [send(client, f"{base}zones/", GATE | {"name": f"门{n}"}) for n, client in enumerate(clients)]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    foreign = factories.make_property()
    mine = caller(factories.make_member(foreign, Role.OWNER))
    assert send(mine, f"/api/v1/properties/{foreign.slug}/zones/", GATE).status_code == 201


@pytest.mark.django_db
def test_a_refusal_is_not_kept_and_who_lost_the_right_hears_nothing_again(
    base: str, tenant: Property, owner: User, api: APIClient
) -> None:
    assert send(api, f"{base}zones/", {"name": "", "kind": "gate"}).status_code == 400
    assert send(api, f"{base}zones/", GATE).status_code == 201
    owner.is_active = False
    owner.save()
    assert send(api, f"{base}zones/", GATE).status_code == 401


@pytest.mark.django_db
def test_a_secret_is_shown_again_to_who_has_the_key_and_lies_nowhere_in_clear(
    api: APIClient, base: str, tenant: Property
) -> None:
    person = factories.make_person(tenant, name="陈金丝雀")
    shown = send(api, f"{base}people/{person.pk}/passes/", {"kind": "pin"}).json()
    assert send(api, f"{base}people/{person.pk}/passes/", {"kind": "pin"}).json()["pin"] == shown["pin"]
    send(api, f"{base}people/", {"name": "陈金丝雀", "kind": "owner", "age_band": "adult"}, "two")
    enter_tenant(tenant.pk)
    assert Pass.objects.count() == 1
    rows = [bytes(row.sealed) for row in KeptAnswer.objects.all()]
    text = str(query("SELECT to_jsonb(t) - 'sealed' FROM security_keptanswer t"))
    assert len(rows) == 2 and KEY not in text and "金丝雀" not in text
    assert not [row for row in rows if shown["pin"].encode() in row or "金丝雀".encode() in row]


@pytest.mark.django_db
def test_an_erasure_empties_the_answers_and_nothing_is_done_twice(api: APIClient, base: str, tenant: Property) -> None:
    body = {"name": "陈小姐", "kind": "owner", "age_band": "adult"}
    person = Person.objects.get(pk=send(api, f"{base}people/", body).json()["id"])
    order_erasure(tenant=tenant, person=person, reason="retention")
    answer = send(api, f"{base}people/", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_done")
    enter_tenant(tenant.pk)
    assert Person.objects.count() == 1 and KeptAnswer.objects.get().sealed is None


@pytest.mark.django_db
def test_so_does_an_order_for_many_at_once(api: APIClient, base: str, tenant: Property) -> None:
    body = {"name": "陈小姐", "kind": "owner", "age_band": "adult"}
    person = Person.objects.get(pk=send(api, f"{base}people/", body).json()["id"])
    enter_tenant(tenant.pk)
    order = {
        "person": person,
        "reason": "retention",
        "scope": "face",
        "ordered_at": timezone.now(),
        "keys_destroyed": 1,
    }
    assert KeptAnswer.objects.get().sealed is not None
    Erasure.objects.bulk_create([Erasure(tenant=tenant, **order)])
    assert KeptAnswer.objects.get().sealed is None


@pytest.mark.django_db
def test_after_a_day_the_key_is_new_and_the_sweep_forgets_it(api: APIClient, base: str, tenant: Property) -> None:
    send(api, f"{base}zones/", GATE)
    enter_tenant(tenant.pk)
    with database_role("owner"):
        factories.rewrite(KeptAnswer.objects.all(), created_at=timezone.now() - timedelta(days=1))
    assert send(api, f"{base}zones/", GATE).json()["code"] != "idempotency_key_reused"
    enter_tenant(tenant.pk)
    with database_role("owner"):
        factories.rewrite(KeptAnswer.objects.all(), created_at=timezone.now() - timedelta(days=1))
    send(api, f"{base}zones/", GATE | {"name": "西门"}, key="young")
    enter_tenant(factories.make_property().pk)
    forgotten = idempotency.sweep()
    enter_tenant(tenant.pk)
    assert (forgotten, KeptAnswer.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_of_two_at_once_one_is_done_and_the_other_told_to_wait(tenant: Property) -> None:
    with tenant_context(tenant.pk):
        owner = factories.make_member(tenant, Role.OWNER)

    def job(pause_before: str = "") -> Job:
        client = APIClient()
        client.force_login(owner)
        work: Callable[[], HttpResponse] = lambda: send(client, f"/api/v1/properties/{tenant.slug}/zones/", GATE)  # noqa: E731
        return Job(work, pause_before=pause_before)

    first, second = interleave(job('INSERT INTO "premises_zone"'), job())
    assert (first.status_code, second.status_code) == (201, 409)
    assert (second.json()["code"], second["Retry-After"]) == ("idempotency_in_progress", "1")
    with tenant_context(tenant.pk):
        assert Zone.objects.count() == KeptAnswer.objects.count() == 1
    third = job().start().join()
    assert (third.content, third["Idempotent-Replayed"]) == (first.content, "true")
