"""A terminal's work through HTTP: fetched, confirmed, reported, asked."""

import base64
import json
import uuid

import pytest
from django.db import transaction
from django.utils import timezone

from portal.api.throttles import DeviceThrottle, WorkThrottle
from portal.limits import Limit
from recognition.edge.models import DeviceAlarm, DeviceOrder
from recognition.edge.services.enrolling import order_enrolment
from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.premises.models import Device
from tenants.premises.services import devices
from tests import factories
from tests.recognition.steps import enroll
from tests.signed_client import SignedClient

pytestmark = pytest.mark.django_db(transaction=True)
BASE = "/api/v1/device/"


class Ours:
    def __init__(self, storage_mode: StorageMode) -> None:
        with transaction.atomic():
            self.tenant: Property = factories.make_property(storage_mode=storage_mode)
            self.device, code = factories.make_active_device(self.tenant)
            self.person: Person = factories.make_consented_person(self.tenant)[0]
        self.client = SignedClient(code)

    def order(self) -> DeviceOrder:
        with tenant_context(self.tenant.pk):
            return order_enrolment(tenant=self.tenant, person=self.person, device=self.device)

    def fetch(self, after: int = 0) -> dict:
        answer = self.client.get(f"{BASE}orders/?after={after}")
        assert answer.status_code == 200, answer.content
        return answer.json()

    def receipt(self, order: dict, outcome: str = "done", **said: object) -> dict[str, str]:
        receipt = {"v": 1, "device": str(self.device.pk), "order": order["number"], "kind": order["kind"]}
        receipt |= {"person": order.get("person"), "outcome": outcome, "reason": "", "handle": "", "model": ""}
        text = json.dumps(receipt | {"at": timezone.now().isoformat()} | said)
        signature = self.client.terminal.signing.sign(text.encode())
        return {"receipt": text, "signature": base64.b64encode(signature).decode()}

    def confirm(self, order: dict, receipt: dict[str, str]):
        return self.client.post(f"{BASE}orders/{order['number']}/receipt/", receipt, format="json")


@pytest.fixture
def ours() -> Ours:
    return Ours(StorageMode.ON_DEVICE)


def test_an_order_is_fetched_and_confirmed_once(ours: Ours) -> None:
    ours.order()
    fetched = ours.fetch()
    [order] = fetched["orders"]
    assert order.keys() == {"number", "kind", "person", "until"}
    assert fetched["more"] is False
    receipt = ours.receipt(order, handle="face-1")
    for _time in range(2):
        answer = ours.confirm(order, receipt)
        assert (answer.status_code, answer.json()) == (200, {"order": order["number"], "state": "done"})
    other = ours.confirm(order, ours.receipt(order, "failed", reason="expired"))
    assert (other.status_code, other.json()["code"]) == (409, "already_confirmed")
    with tenant_context(ours.tenant.pk):
        assert Person.objects.get(pk=ours.person.pk).face_state == FaceState.ENROLLED
    assert ours.fetch()["orders"] == []


def test_a_terminal_fetches_after_what_it_has_done(ours: Ours) -> None:
    number = ours.order().number
    ours.fetch()
    assert ours.fetch(after=number)["orders"] == []


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"signature": "AAAA"}, 400, "bad_signature"),
        ({"receipt": "{}"}, 400, "bad_signature"),
        ({"receipt": ""}, 400, "blank"),
        ({"score": 1}, 400, "unknown_field"),
    ],
)
def test_a_receipt_that_is_not_good(ours: Ours, change: dict, status: int, code: str) -> None:
    ours.order()
    [order] = ours.fetch()["orders"]
    answer = ours.confirm(order, ours.receipt(order) | change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_an_order_of_another_terminal_does_not_exist(ours: Ours) -> None:
    other = Ours(StorageMode.ON_DEVICE)
    other.order()
    [order] = other.fetch()["orders"]
    assert ours.confirm(order, ours.receipt(order)).status_code == 404
    assert ours.confirm({"number": 10**30}, ours.receipt(order)).status_code == 404


@pytest.mark.parametrize("after", ["-1", "x", str(2**70)])
def test_a_number_that_is_none(ours: Ours, after: str) -> None:
    assert ours.client.get(f"{BASE}orders/?after={after}").status_code == 400


def test_a_retired_terminal_may_still_delete_everything(ours: Ours) -> None:
    with tenant_context(ours.tenant.pk):
        devices.retire(tenant=ours.tenant, device=ours.device)
    [order] = ours.fetch()["orders"]
    assert order["kind"] == "wipe"
    refused = ours.client.post(f"{BASE}decide/", {"person": str(ours.person.pk), "mode": "verify"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "device_retired")
    assert ours.confirm(order, ours.receipt(order)).json()["state"] == "done"
    assert ours.client.get(f"{BASE}orders/").json()["code"] == "revoked_key"


def test_events_and_questions(worker: None) -> None:
    ours = Ours(StorageMode.PORTAL)
    with tenant_context(ours.tenant.pk):
        enroll(ours.tenant, ours.person, "li")
    yes = ours.client.post(f"{BASE}decide/", {"person": str(ours.person.pk), "mode": "verify"}, format="json")
    assert (yes.status_code, yes.json()["allowed"], yes.json()["rule"]) == (200, True, "matched")
    about = {"at": timezone.now().isoformat(), "method": "face", "mode": "verify"}
    good = {"id": str(uuid.uuid4()), "person": str(ours.person.pk), "allowed": True, "rule": "matched", **about}
    strange = {"id": str(uuid.uuid4()), "person": str(uuid.uuid4()), "allowed": True, "rule": "matched", **about}
    for stored, known in ((1, 0), (0, 1)):
        answer = ours.client.post(f"{BASE}events/", {"events": [good, strange]}, format="json")
        assert answer.json() == {
            "stored": stored,
            "known": known,
            "refused": [{"id": strange["id"], "code": "unknown_person"}],
        }
    with tenant_context(ours.tenant.pk):
        assert DeviceAlarm.objects.get().kind == "foreign_person"
    for wrong in ({"emotion": "glad"}, {"rule": "because"}, {"mode": "guess"}, {"at": "yesterday"}):
        refused = ours.client.post(f"{BASE}events/", {"events": [good | wrong]}, format="json")
        assert refused.status_code == 400
    many = ours.client.post(f"{BASE}events/", {"events": [good] * 501}, format="json")
    assert many.status_code == 400


def test_members_order_and_see_where_a_face_is(ours: Ours, caller) -> None:
    with tenant_context(ours.tenant.pk):
        member = factories.make_member(ours.tenant)
    api, address = caller(member), f"/api/v1/properties/{ours.tenant.slug}/people/{ours.person.pk}/terminals/"
    [row] = api.get(address).json()
    assert (row["device"], row["state"], row["until"]) == (str(ours.device.pk), "gone", None)
    made = api.post(address, {"device": str(ours.device.pk)}, format="json")
    assert (made.status_code, made.json()["state"]) == (201, "wanted")
    assert made.json()["until"] is not None
    foreign: Device = Ours(StorageMode.ON_DEVICE).device
    assert api.post(address, {"device": str(foreign.pk)}, format="json").status_code == 400


def test_loading_templates_keeps_nobody_waiting_at_the_door(ours: Ours, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DeviceThrottle, "limit", Limit("door", count=1, seconds=60))
    monkeypatch.setattr(WorkThrottle, "limit", Limit("work", count=3, seconds=60))
    answers = [ours.client.get(f"{BASE}orders/").status_code for _time in range(4)]
    assert answers == [200, 200, 200, 429]
    asked = {"person": str(ours.person.pk), "mode": "verify"}
    assert ours.client.post(f"{BASE}decide/", asked, format="json").status_code == 200
    late = ours.client.post(f"{BASE}decide/", asked, format="json")
    assert (late.status_code, late.json()["code"]) == (429, "throttled")
