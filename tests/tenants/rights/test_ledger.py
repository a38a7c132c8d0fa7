"""Orders are written into the ledger once each, and the command finds what is wrong with it."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoCaptureOnCommitCallbacks

from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant, tenant_context
from tenants.people.models import Person
from tenants.rights import ledger, replaying
from tenants.rights.kinds import ErasureReason
from tenants.rights.models import Erasure
from tenants.rights.services.erasures import order_erasure
from tests import factories
from tests.roles import database_role
from tests.tenants.rights.restoring import (  # noqa: F401 - fixtures
    device_fixture,
    folder_fixture,
    forgotten_since_then,
    order,
    person_fixture,
    visit_fixture,
)

pytestmark = pytest.mark.usefixtures("folder")


class TestWritingDown:
    def test_an_order_is_in_the_ledger_as_soon_as_it_is_committed(
        self, tenant: Property, person: Person,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        monkeypatch.setattr("tenants.rights.tasks.send_erase", lambda *_args, **_about: None)
        with django_capture_on_commit_callbacks(execute=True):
            made = [
                order_erasure(tenant=tenant, person=one, reason=ErasureReason.REQUESTED)
                for one in (person, factories.make_person(tenant))
            ]
        assert {entry.order.erasure for entry in ledger.ledger().entries()} == {one.pk for one in made}
        enter_tenant(tenant.pk)
        assert sorted(Erasure.objects.values_list("ledger_number", flat=True)) == [1, 2]

    def test_the_sweep_finds_those_that_a_dead_process_left(self, tenant: Property, person: Person) -> None:
        order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED)
        assert ledger.waiting() == [tenant.pk]
        replaying.catch_up()
        assert ledger.waiting() == []
        replaying.catch_up()
        assert [entry.number for entry in ledger.ledger().entries()] == [1]

    def test_a_property_whose_orders_cannot_be_written_keeps_no_other_waiting(
        self, tenant: Property, person: Person, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED)
        other = factories.make_property()
        order_erasure(tenant=other, person=factories.make_person(other), reason=ErasureReason.REQUESTED)
        real = ledger.record

        def fails(*, tenant_id: object) -> int:
            if tenant_id == tenant.pk:
                raise OSError("planted")
            return real(tenant_id=tenant_id)

        monkeypatch.setattr(ledger, "record", fails)
        replaying.catch_up()
        assert [entry.order.tenant for entry in ledger.ledger().entries()] == [other.pk]
        assert str(tenant.pk) in caplog.text

    def test_the_face_worker_can_ask_and_write_too(self, tenant: Property, person: Person) -> None:
        order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED)
        with database_role("recognition"):
            assert ledger.record(tenant_id=tenant.pk) == 1
            assert not ledger.is_behind()
            with tenant_context(tenant.pk):
                assert not ledger.is_forgotten(person.pk)


class TestVerifying:
    def said(self, *arguments: str) -> dict[str, object]:
        out = StringIO()
        try:
            call_command("verify_ledger", "--json", *arguments, stdout=out)
        except CommandError:
            return json.loads(out.getvalue()) | {"ok": False}
        return json.loads(out.getvalue()) | {"ok": True}

    def test_finds_nothing_wrong_with_what_is_right(self, person: Person) -> None:
        order(person)
        assert self.said() == {
            "entries": 1, "faults": [], "lost": 0, "properties_waiting": 0,
            "database_is_behind": False, "ok": True,
        }  # fmt: skip

    def test_finds_a_changed_line(self, person: Person, folder: Path) -> None:
        order(person)
        path = folder / "erasures.jsonl"
        path.write_text(path.read_text().replace("requested", "withdrawn"))
        said = self.said()
        assert (said["faults"], said["ok"]) == ([{"line": 1, "code": "chain"}], False)

    def test_finds_what_the_ledger_has_lost_and_writes_it_again_under_new_numbers(
        self, tenant: Property, person: Person, folder: Path
    ) -> None:
        order(person)
        order(factories.make_person(tenant))
        (folder / "erasures.jsonl").unlink()
        ledger._made.cache_clear()
        assert (self.said()["lost"], self.said()["ok"]) == (2, False)
        said = self.said("--write-again")
        assert (said["lost"], said["ok"]) == (0, True)
        assert [entry.number for entry in ledger.ledger().entries()] == [3, 4]
        assert self.said()["ok"]

    def test_says_when_the_database_is_older(self, person: Person) -> None:
        with forgotten_since_then():
            order(person)
        assert (self.said()["database_is_behind"], self.said()["ok"]) == (True, False)
