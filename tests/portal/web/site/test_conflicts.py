"""Two members at the same moment: the slower one reads a sentence, and what was typed is still there."""

from collections.abc import Callable, Iterator

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.test import Client
from psycopg.errors import DeadlockDetected, DiskFull

from tenants.organizations import changes
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant, tenant_context
from tenants.premises.models import AccessPoint, Zone
from tests import factories
from tests.threads import Job, interleave

At = Callable[..., str]
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
SENTENCE = "Somebody changed this at the same moment. Look again."


def deadlock() -> DatabaseError:
    error = OperationalError("deadlock detected")
    error.__cause__ = DeadlockDetected("deadlock detected")
    return error


def other() -> DatabaseError:
    error = OperationalError("disk full")
    error.__cause__ = DiskFull("disk full")
    return error


@pytest.fixture
def losing() -> Iterator[Callable[[DatabaseError], None]]:
    """Let the next change of a fact lose against somebody else's."""
    listeners = []

    def lose(error: DatabaseError) -> None:
        def listener(*, tenant: Property) -> None:
            raise error

        listeners.append(listener)
        changes.listen(listener)

    yield lose
    for listener in listeners:
        changes._listeners.remove(listener)


@pytest.mark.django_db
@pytest.mark.parametrize("error", [deadlock(), IntegrityError("duplicate key")])
class TestTheSlowerOne:
    def test_reads_a_sentence_above_a_form_that_is_still_filled(
        self, client: Client, tenant: Property, at: At, losing: Callable[[DatabaseError], None], error: DatabaseError
    ) -> None:
        losing(error)
        answer = client.post(at("zone_add"), {"name": "东门", "kind": "gate", "level": "area"}, **ENGLISH)
        assert answer.status_code == 200
        assert answer.context["form"].non_field_errors() == [SENTENCE]
        assert 'value="东门"' in answer.content.decode()
        enter_tenant(tenant.pk)
        assert not Zone.objects.filter(tenant=tenant).exists()

    def test_reads_it_where_a_pairing_code_would_have_been_shown(
        self, client: Client, tenant: Property, at: At, losing: Callable[[DatabaseError], None], error: DatabaseError
    ) -> None:
        door = factories.make_door(tenant)
        losing(error)
        data = {"name": "终端", "access_point": door.pk, "mode": "verify", "purpose": "access"}
        answer = client.post(at("device_add"), data, **ENGLISH)
        assert answer.context["form"].non_field_errors() == [SENTENCE]
        assert "pairing_code" not in answer.context

    def test_reads_it_after_the_press_of_a_button(
        self, client: Client, tenant: Property, at: At, losing: Callable[[DatabaseError], None], error: DatabaseError
    ) -> None:
        card = factories.make_door(tenant).methods.get(kind="card")
        losing(error)
        answer = client.post(at("method_toggle", card), {"is_live": "0"}, follow=True, **ENGLISH)
        assert [str(message) for message in answer.context["messages"]] == [SENTENCE]
        enter_tenant(tenant.pk)
        card.refresh_from_db()
        assert card.is_live


@pytest.mark.django_db
def test_what_is_our_own_fault_stays_one(client: Client, at: At, losing: Callable[[DatabaseError], None]) -> None:
    losing(other())
    with pytest.raises(OperationalError):
        client.post(at("zone_add"), {"name": "东门", "kind": "gate"})


@pytest.mark.django_db(transaction=True)
def test_two_members_who_add_the_same_name_at_once() -> None:
    with transaction.atomic():
        tenant = factories.make_property()
        owners = [factories.make_member(tenant) for _twice in range(2)]
        zone = factories.make_zone(tenant)

    def add(member: object, pause_before: str = "") -> Job:
        client = Client()
        client.force_login(member)
        data = {"name": "东门", "zone": zone.pk, "methods": ["face", "card"]}
        return Job(lambda: client.post(f"/t/{tenant.slug}/doors/add/", data, **ENGLISH), pause_before=pause_before)

    first, second = interleave(add(owners[0], 'INSERT INTO "premises_accessmethod"'), add(owners[1]))
    assert first.status_code == 302
    assert second.status_code == 200
    assert set(second.context["form"].errors) == {"name"}
    with tenant_context(tenant.pk):
        assert AccessPoint.objects.filter(tenant=tenant).count() == 1
