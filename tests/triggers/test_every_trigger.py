"""Whatever ends a face ends with a signed certificate: real processes, real photos, each trigger by its own door.

Where the trigger is the passing of time, the owner of the database moves the dates of the rows back; nothing else is
played. tests/tenants/rights/test_triggers.py asks the same of the services, day by day.
"""

import json
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pytest_django import Settings

from tenants.rights import stores
from tenants.rights.certificate_text import Verdict, check
from tenants.rights.kinds import ErasureReason
from tests.rehearsal.certificates import certificate_of, genuine, order_of
from tests.triggers.catalogue import TRIGGERS, Trigger
from tests.triggers.conftest import Ended
from tests.triggers.houses import Resident

pytestmark = [pytest.mark.stack, pytest.mark.model]


def valid(file: bytes) -> dict[str, Any]:
    checked = check(file)
    assert (checked.verdict, checked.says is not None) == (Verdict.VALID, True)
    return checked.says or {}


def on_paper(who: Resident) -> str:
    """The words of the certificate's PDF."""
    order = order_of(who.house, who.id)["id"]
    sheet = who.house.staff.page(f"/t/{who.house.slug}/erasures/{order}/certificate/?format=pdf").content
    return "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(sheet))


@pytest.mark.parametrize("trigger", TRIGGERS, ids=str)
def test_it_ends_with_a_certificate(ended: Ended, trigger: Trigger, settings: Settings) -> None:
    settings.EVIDENCE_PUBLIC_KEYS = ended.stack.keys.evidence_public.read_text()
    who = ended.people[trigger.name]
    file = certificate_of(who.house, who.id)
    says = valid(file)
    assert (says["person"], says["reason"], says["scope"]) == (who.id, trigger.reason, trigger.scope)
    assert {row["store"] for row in says["stores"]} == {row.name for row in stores.stores_for(trigger.scope)}
    assert {row["remaining"] for row in says["stores"]} == {0}
    assert who.house.face_of(who.id) == "erased"
    paper = on_paper(who)
    assert says["number"] in paper
    for word in (who.name, who.phone, who.room):
        assert word not in file.decode() and word not in paper


def test_command_and_public_page_find_a_certificate_genuine(ended: Ended, tmp_path: Path) -> None:
    who = ended.people[TRIGGERS[0].name]
    file = certificate_of(who.house, who.id)
    assert genuine(who.house, file) == json.loads(file)["certificate"]
    (tmp_path / "certificate.json").write_bytes(file)
    printed = ended.stack.manage("verify_certificate", str(tmp_path / "certificate.json"), role="web")
    assert "Genuine and unchanged." in printed and who.id in printed


def test_no_reason_is_without_a_trigger() -> None:
    # A lost terminal that kept the face itself: tests/recognition/edge/test_lost_faces.py.
    assert {trigger.reason for trigger in TRIGGERS} == set(ErasureReason.values) - {ErasureReason.LOST}
