"""Readiness says when erasures would not outlive a restore."""

from pathlib import Path

import pytest
from django.db import transaction
from django.utils.translation import override
from pytest_django import Settings

from tenants.clearance.duties import Status
from tenants.organizations.models import Property
from tenants.rights import duties, ledger, replaying
from tenants.rights.kinds import ErasureReason
from tenants.rights.services.erasures import order_erasure
from tests import factories

pytestmark = pytest.mark.usefixtures("folder")


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.LEDGER_DIR = tmp_path
    return tmp_path


def order(tenant: Property) -> None:
    order_erasure(tenant=tenant, person=factories.make_person(tenant), reason=ErasureReason.REQUESTED)
    ledger.record(tenant_id=tenant.pk)


def said(tenant: Property) -> tuple[str, str]:
    with override("en"):
        [duty] = [duty for duty in duties.readiness(tenant, count_people=lambda: 1) if duty.code == "ledger_not_whole"]
    assert (duty.status == Status.DUE) == bool(duty.broken)
    return str(duty.status), duty.evidence


def test_a_whole_ledger_is_a_duty_that_is_met(tenant: Property) -> None:
    assert said(tenant) == (Status.MET, "")
    order(tenant)
    assert said(tenant) == (Status.MET, "")


def test_a_changed_line_is_told(tenant: Property, folder: Path) -> None:
    order(tenant)
    path = folder / "erasures.jsonl"
    path.write_text(path.read_text().replace("requested", "withdrawn"))
    assert said(tenant) == (Status.DUE, "Lines that are not as they were written: 1")


def test_a_cut_ledger_is_told(tenant: Property, folder: Path) -> None:
    order(tenant)
    order(tenant)
    path = folder / "erasures.jsonl"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    assert said(tenant) == (Status.DUE, "Lines are missing at its end")


def test_an_older_database_is_told_until_it_has_caught_up(tenant: Property) -> None:
    place = transaction.savepoint()
    order(tenant)
    transaction.savepoint_rollback(place)
    assert said(tenant) == (Status.DUE, "The database is older than the ledger")
    replaying.replay()
    assert said(tenant) == (Status.MET, "")


def test_a_ledger_that_cannot_be_read_is_told(tenant: Property, folder: Path) -> None:
    (folder / "erasures.jsonl").mkdir()
    assert said(tenant) == (Status.DUE, "It cannot be read")
