"""Keys are replaced while every face stays readable; killed half-way, a rotation goes on; the old key opens nothing."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from pytest_django import Settings

from portal.stack.layout import ROOT
from recognition.vault import keys, loading, rotation, templates, verification
from recognition.vault.envelope import Unreadable
from recognition.vault.master import fingerprint
from recognition.vault.models import HandlerKey, PersonKey
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant, tenant_context
from tenants.people.models import Person
from tests import factories
from tests.architecture.catalogue import execute, query
from tests.recognition.many import make_many_faces, make_rows
from tests.roles import database_role
from tests.threads import PATIENCE, Job, interleave

# A disk that writes something else than it was given.
SPOILING = """
    CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN NEW.wrapped = overlay(NEW.wrapped PLACING '\\x00' FROM 20); RETURN NEW; END $$;
    CREATE TRIGGER spoil BEFORE UPDATE ON vault_personkey FOR EACH ROW EXECUTE FUNCTION spoil();
"""
NEXT = base64.b64encode(b"n" * 32).decode()


@pytest.fixture
def next_key(settings: Settings) -> str:
    settings.MASTER_KEY_NEXT = NEXT
    return NEXT


@pytest.fixture
def people(tenant: Property) -> list[Person]:
    with database_role("owner"):
        return make_many_faces(tenant, make_rows(5))


def run(steps: Iterator[rotation.Step]) -> int:
    with database_role("recognition"):
        return sum(step.moved for step in steps)


def readable(tenant: Property) -> int:
    enter_tenant(tenant.pk)
    with database_role("recognition"):
        return len(loading.load(tenant, model_version="fake-1").person_ids)


class TestMaster:
    def test_every_handlers_key_moves_and_both_keys_open_while_it_does(
        self, tenant: Property, people: list[Person], next_key: str
    ) -> None:
        with database_role("recognition"):
            HandlerKey.objects.update(master="")  # as rows are from before master keys had ids
        assert readable(tenant) == 5
        assert run(rotation.rotate_master()) == 1
        assert readable(tenant) == 5

    def test_after_it_the_old_key_is_refused(
        self, tenant: Property, people: list[Person], next_key: str, settings: Settings
    ) -> None:
        run(rotation.rotate_master())
        assert readable(tenant) == 5
        settings.MASTER_KEY_NEXT = None
        with pytest.raises(Unreadable):
            readable(tenant)
        settings.MASTER_KEY = NEXT
        assert readable(tenant) == 5

    def test_a_second_run_finds_nothing_to_do(self, people: list[Person], next_key: str) -> None:
        assert [run(rotation.rotate_master()) for _time in range(2)] == [1, 0]

    @pytest.mark.parametrize(("key", "code"), [(None, "no_next_key"), ("same", "same_key")])
    def test_without_another_key_nothing_begins(
        self, people: list[Person], settings: Settings, key: str | None, code: str
    ) -> None:
        settings.MASTER_KEY_NEXT = settings.MASTER_KEY if key else None
        with pytest.raises(ValidationError) as refused:
            run(rotation.rotate_master())
        assert refused.value.code == code
        with database_role("recognition"), pytest.raises(CommandError):
            call_command("rotate_master_key")

    def test_a_key_under_a_third_master_key_stops_it_and_says_so(self, people: list[Person], next_key: str) -> None:
        with database_role("recognition"):
            HandlerKey.objects.update(master="0" * 16)
        with pytest.raises(Unreadable, match="does not have"):
            run(rotation.rotate_master())

    def test_a_handler_that_comes_during_it_begins_under_the_next_key(self, tenant: Property, next_key: str) -> None:
        with database_role("recognition"):
            keys.newest_handler_key(tenant.handler)
        assert run(rotation.rotate_master()) == 0


class TestHandler:
    def test_every_persons_key_moves_and_the_older_key_goes(self, tenant: Property, people: list[Person]) -> None:
        keys.destroy_person_key(person=people[0])
        with database_role("recognition"):
            old = HandlerKey.objects.get()
            old_clear = keys.open_handler_key(old)
        assert run(rotation.rotate_handler(tenant.handler)) == 5
        assert readable(tenant) == 4
        with database_role("recognition"):
            [new] = HandlerKey.objects.all()
            assert (new.generation, new.pk != old.pk) == (2, True)
            living = PersonKey.objects.filter(destroyed_at__isnull=True)
            for row in living:
                with pytest.raises(Unreadable):
                    keys.open_person_key(row, old_clear)
            assert len(living) == 4

    def test_interrupted_it_goes_on_with_the_key_it_had_begun_and_all_stays_readable(
        self, tenant: Property, people: list[Person]
    ) -> None:
        with database_role("recognition"):
            steps = rotation.rotate_handler(tenant.handler, chunk=2)
            assert next(steps).left == 3
            steps.close()
            assert [row.generation for row in HandlerKey.objects.order_by("generation")] == [1, 2]
        assert readable(tenant) == 5
        assert run(rotation.rotate_handler(tenant.handler)) == 3
        assert readable(tenant) == 5
        with database_role("recognition"):
            assert [row.generation for row in HandlerKey.objects.all()] == [2]

    def test_who_enrols_during_it_is_under_the_new_key(self, tenant: Property, people: list[Person]) -> None:
        person = factories.make_person(tenant)
        with database_role("recognition"):
            steps = rotation.rotate_handler(tenant.handler)
            next(steps)
            templates.keep(person=person, embedding=make_rows(1, seed=2)[0], model_version="fake-1")
            list(steps)
        assert readable(tenant) == 6

    def test_a_gallery_whose_loading_it_overtakes_opens_what_was_read_under_either_key(
        self, tenant: Property, people: list[Person]
    ) -> None:
        """People's keys were read half-way; the handler's keys were asked for before it began and after it ended."""
        with database_role("recognition"):
            old = keys.newest_handler_key(tenant.handler)
            opener = loading._Opener(tenant, "fake-1")
            before = loading._keys(tenant).values_list("key", "whose", "wrapping", "wrapped")
            read = [(*ids, bytes(wrapped)) for *ids, wrapped in before]
            list(rotation.rotate_handler(tenant.handler))
            after = loading._keys(tenant).values_list("key", "whose", "wrapping", "wrapped")
            opener.add_key(*next((*ids, bytes(wrapped)) for *ids, wrapped in after if ids[0] != read[0][0]))
            opener.add_key(*read[0])
            assert read[0][2] == str(old.pk) and read[0][0] in opener._keys

    def test_a_key_that_comes_out_as_another_one_is_never_committed(
        self, tenant: Property, people: list[Person]
    ) -> None:
        with database_role("owner"):
            execute(SPOILING)
        with pytest.raises(Unreadable), transaction.atomic():
            run(rotation.rotate_handler(tenant.handler))
        assert readable(tenant) == 5

    def test_the_command_takes_one_handler_or_all(self, tenant: Property, people: list[Person]) -> None:
        out = StringIO()
        with database_role("recognition"):
            call_command("rotate_handler_key", "--handler", tenant.handler.credit_code, stdout=out)
            call_command("rotate_handler_key", "--all", stdout=out)
            with pytest.raises(CommandError, match="no handler"):
                call_command("rotate_handler_key", "--handler", "nobody")
        assert out.getvalue().count("done, 5 keys moved") == 2
        assert readable(tenant) == 5


@pytest.mark.django_db(transaction=True)
def test_a_first_enrolment_at_the_same_moment_keeps_its_key_readable() -> None:
    """It made its key under the older one and has not committed: the rotation waits, and moves that key as well."""
    with transaction.atomic():
        tenant = factories.make_property()
        with database_role("owner"):
            make_many_faces(tenant, make_rows(1))
        person = factories.make_person(tenant)

    def first_enrolment() -> None:
        with tenant_context(tenant.pk):
            templates.keep(person=person, embedding=make_rows(1, seed=2)[0], model_version="fake-1")

    enrolling = Job(first_enrolment, role="recognition", pause_before='INSERT INTO "vault_facetemplate"')
    rotating = Job(lambda: list(rotation.rotate_handler(tenant.handler)), role="recognition")
    kept, steps = interleave(enrolling, rotating)
    assert kept is None
    assert sum(step.moved for step in steps) == 2
    with tenant_context(tenant.pk):
        assert readable(tenant) == 2


# -- A thousand templates, and a real kill -----------------------------------------------------------
HANDLERS, EACH = 4, 250


@pytest.fixture
def a_thousand() -> list[Property]:
    with transaction.atomic():
        tenants = [factories.make_property() for _number in range(HANDLERS)]
        with database_role("owner"):
            for number, tenant in enumerate(tenants):
                enter_tenant(tenant.pk)
                make_many_faces(tenant, make_rows(EACH, seed=number))
    return tenants


def command(*arguments: str, **keys_given: str) -> subprocess.Popen[str]:
    """A process of its own, as the role and on the database of this test."""
    address = urlsplit(os.environ["DATABASE_URL_RECOGNITION"])
    address = urlunsplit(address._replace(path="/" + connection.settings_dict["NAME"]))
    env = os.environ | {"CONSENTRY_ROLE": "recognition", "DATABASE_URL_RECOGNITION": address} | keys_given
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments], env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def kill_where_it_waits(*arguments: str, held: HandlerKey | PersonKey, **keys_given: str) -> None:
    """Hold one row in the middle, start the command, and kill -9 it when it has come as far as that."""
    with transaction.atomic(), database_role("owner"):
        type(held).objects.select_for_update().get(pk=held.pk)
        with command(*arguments, **keys_given) as process:
            while not is_waited_for():
                assert process.poll() is None, "The command ended before it came to the row that was held."
            process.kill()
            assert "left" in process.communicate(timeout=PATIENCE)[0]
            assert process.returncode == -9


def is_waited_for() -> bool:
    """Say whether somebody waits for a lock of this connection."""
    blocked = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
    return bool(query(blocked)[0][0])


def all_readable(tenants: list[Property]) -> int:
    with database_role("recognition"):
        count = 0
        for tenant in tenants:
            with tenant_context(tenant.pk):
                count += len(loading.load(tenant, model_version="fake-1").person_ids)
        return count


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_both_rotations_over_a_thousand_templates_survive_a_kill(
    a_thousand: list[Property], settings: Settings
) -> None:
    with database_role("owner"):
        wrapped = list(HandlerKey.objects.order_by("pk"))
        last = Property.objects.order_by("handler__credit_code")[HANDLERS // 2]
        person_key = PersonKey.objects.filter(tenant=last).order_by("pk")[EACH // 2]

    kill_where_it_waits("rotate_master_key", held=wrapped[HANDLERS // 2], MASTER_KEY_NEXT=NEXT)
    settings.MASTER_KEY_NEXT = NEXT
    with database_role("owner"):
        assert HandlerKey.objects.filter(master=fingerprint(b"n" * 32)).count() == HANDLERS // 2
    assert all_readable(a_thousand) == HANDLERS * EACH
    assert run(rotation.rotate_master()) == HANDLERS - HANDLERS // 2
    settings.MASTER_KEY_NEXT = None
    with pytest.raises(Unreadable):
        all_readable(a_thousand)
    settings.MASTER_KEY = NEXT
    assert all_readable(a_thousand) == HANDLERS * EACH

    kill_where_it_waits("rotate_handler_key", "--all", held=person_key, MASTER_KEY=NEXT, MASTER_KEY_FILE="")
    with database_role("owner"):
        assert HandlerKey.objects.filter(generation=2).count() == HANDLERS // 2 + 1
        assert HandlerKey.objects.count() == HANDLERS + 1
    assert all_readable(a_thousand) == HANDLERS * EACH
    with database_role("recognition"):
        call_command("rotate_handler_key", "--all", stdout=StringIO())
        assert not HandlerKey.objects.filter(pk__in=[row.pk for row in wrapped]).exists()
        found = [verification.verify(tenant) for tenant in a_thousand]
    assert sum(findings.templates for findings in found) == HANDLERS * EACH
    assert all(findings.is_sound for findings in found)
