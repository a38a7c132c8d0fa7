"""`verify_vault` finds what is wrong with a row, and finds nothing where nothing is."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from recognition.vault import envelope, keys, templates, verification
from recognition.vault.models import FaceTemplate, HandlerKey, PersonKey
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.rights.services.withdrawals import withdraw
from tests import factories
from tests.recognition.many import make_many_faces, make_rows
from tests.roles import database_role


@pytest.fixture
def people(tenant: Property) -> list[Person]:
    with database_role("owner"):
        return make_many_faces(tenant, make_rows(4))


def look(tenant: Property) -> verification.Findings:
    with database_role("recognition"):
        return verification.verify(tenant)


def template_of(person: Person) -> FaceTemplate:
    return FaceTemplate.objects.select_related("key").get(person=person)


def test_a_sound_vault_is_counted_and_nothing_is_found(tenant: Property, people: list[Person]) -> None:
    findings = look(tenant)
    assert (findings.templates, findings.people, findings.versions) == (4, 4, {"fake-1": 4})
    assert findings.is_sound


def test_a_changed_byte_is_unreadable(tenant: Property, people: list[Person]) -> None:
    with database_role("owner"):
        template = template_of(people[0])
        template.sealed = bytes(template.sealed)[:-1] + b"?"
        template.save()
    assert look(tenant).unreadable == [str(template.pk)]


def test_numbers_that_are_no_embedding_are_unreadable(tenant: Property, people: list[Person]) -> None:
    with database_role("owner"):
        template = template_of(people[0])
        key = keys.open_person_key(template.key, keys.handler_key(tenant.handler))
        template.sealed = envelope.seal(key, bytes(512), aad=templates._aad(template))
        template.save()
    assert look(tenant).unreadable == [str(template.pk)]


def test_a_template_whose_key_is_destroyed_is_orphaned_unless_its_erasure_runs(
    tenant: Property, people: list[Person]
) -> None:
    for person in people[:2]:
        keys.destroy_person_key(person=person)
    Person.objects.filter(pk=people[0].pk).update(face_state=FaceState.ERASING)
    with database_role("recognition"):
        orphan = str(template_of(people[1]).pk)
    findings = look(tenant)
    assert (findings.being_erased, findings.orphaned) == (1, [orphan])


def test_a_template_of_somebody_without_a_face_is_orphaned(tenant: Property, people: list[Person]) -> None:
    Person.objects.filter(pk=people[0].pk).update(face_state=FaceState.ERASED)
    assert len(look(tenant).orphaned) == 1


def test_a_template_under_the_key_of_another_person_or_property_is_orphaned(
    tenant: Property, people: list[Person]
) -> None:
    other = factories.make_property()
    with database_role("owner"):
        stranger = make_many_faces(other, make_rows(1, seed=1))[0]
        enter_tenant(tenant.pk)
        for person, owner in ((people[0], people[1]), (people[2], stranger)):
            FaceTemplate.objects.filter(person=person).update(key=PersonKey.objects.get(person=owner))
    assert len(look(tenant).orphaned) == 2
    assert look(other).is_sound


def test_the_same_numbers_twice_are_named_once(tenant: Property) -> None:
    with database_role("owner"):
        make_many_faces(tenant, make_rows(1).repeat(2, axis=0))
    assert len(look(tenant).duplicated) == 1


def test_a_handlers_key_under_another_master_key_shuts_everything(
    tenant: Property, people: list[Person], settings: Settings
) -> None:
    with database_role("owner"):
        HandlerKey.objects.update(master="0" * 16)
    assert len(look(tenant).unreadable) == 4
    with database_role("recognition"):
        assert verification.unopened_handler_keys() == [f"{tenant.handler.credit_code}/1"]


def test_the_command_ends_with_a_fault_only_when_there_is_one(tenant: Property, people: list[Person]) -> None:
    out = StringIO()
    with database_role("recognition"):
        call_command("verify_vault", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["is_sound"]
    assert [row["templates"] for row in told["properties"] if row["slug"] == tenant.slug] == [4]
    Person.objects.filter(pk=people[0].pk).update(face_state=FaceState.ERASED)
    out = StringIO()
    with database_role("recognition"), pytest.raises(CommandError, match="not sound"):
        call_command("verify_vault", stdout=out)
    assert f"{tenant.slug}: 4 templates of 4 people, 0 unreadable, 1 orphaned" in out.getvalue()


def test_a_withdrawal_leaves_a_sound_vault_at_every_moment(tenant: Property) -> None:
    from tests.recognition.steps import enroll

    person, visit = factories.make_consented_person(tenant)
    enroll(tenant, person, "li")
    assert look(tenant).is_sound
    withdraw(visit=visit)
    findings = look(tenant)
    assert (findings.is_sound, findings.being_erased) == (True, 1)
