"""Show 4 over HTTP: a stolen key is refused, recorded and seen."""

import copy
import json
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client

from recognition.edge.models import DeviceAlarm, DeviceKey, DeviceNonce
from tenants.clearance.services import activate_device
from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.organizations.scoping import tenant_context
from tenants.premises.kinds import DeviceState, SuspensionReason
from tenants.premises.models import Device
from tenants.premises.services import devices
from tests import factories
from tests.terminals import BASE, Terminal, by_client, paired

# What a refusal records must stay, so nothing here is one transaction.
pytestmark = pytest.mark.django_db(transaction=True)

HEARTBEAT = BASE + "heartbeat/"
JSON = "application/json"
PARAMETERS = ("nonce", "tag", "alg", "keyid", "created")


@pytest.fixture
def tenant() -> Property:
    with transaction.atomic():
        return factories.make_property()


@pytest.fixture
def door(tenant: Property) -> tuple[Device, Terminal]:
    with tenant_context(tenant.pk):
        device, code = factories.make_active_device(tenant)
    return device, paired(code, Client())


@pytest.fixture
def page(tenant: Property) -> Callable[..., str]:
    """What a member reads, in English."""
    client = Client(headers={"Accept-Language": "en"})
    with tenant_context(tenant.pk):
        client.force_login(factories.make_member(tenant, Role.OWNER))
    return lambda path: client.get(f"/t/{tenant.slug}/{path}").content.decode()


def alarms(tenant: Property) -> dict[str, int]:
    with tenant_context(tenant.pk):
        return dict(DeviceAlarm.objects.values_list("kind", "count"))


def refusal(answer: object) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_replayed_request_is_refused_recorded_and_seen(tenant: Property, door: tuple, page: Callable) -> None:
    device, terminal = door
    headers = terminal.signed("POST", HEARTBEAT, b"{}", JSON)
    assert terminal.send("POST", HEARTBEAT, headers, b"{}").status_code == 200
    for times in (1, 2):
        assert refusal(terminal.send("POST", HEARTBEAT, headers, b"{}")) == (401, "replayed")
        assert alarms(tenant) == {"replayed": times}
    assert terminal.heartbeat().status_code == 200
    for path in (f"devices/{device.pk}/", "devices/", ""):
        assert "larm" in page(path), path
    assert "127.0.0.1" in page(f"devices/{device.pk}/")


@pytest.mark.parametrize("ahead", [-70, 70, 10_000_000_000])
def test_a_moved_clock_is_refused_and_told_the_time(tenant: Property, door: tuple, ahead: int) -> None:
    _device, terminal = door
    terminal.ahead = ahead
    answer = terminal.heartbeat()
    assert refusal(answer) == (401, "clock")
    assert answer["WWW-Authenticate"] == "Signature"
    assert answer.json()["server_time"]
    assert alarms(tenant) == {"clock": 1}


def test_a_second_machine_with_the_same_key_stops_the_key_and_the_device(
    tenant: Property, door: tuple, page: Callable
) -> None:
    device, terminal = door
    thief = copy.copy(terminal)
    thief.restart()
    thief.ahead = -10
    assert thief.heartbeat().status_code == 200, "by itself it looks like a restart"
    assert refusal(terminal.heartbeat()) == (401, "key_copied")
    with tenant_context(tenant.pk):
        device.refresh_from_db()
        assert DeviceKey.objects.get().is_copied
    assert (device.state, device.suspended_for) == (DeviceState.SUSPENDED, SuspensionReason.KEY_COPIED)
    for machine in (thief, terminal):
        assert refusal(machine.heartbeat()) == (401, "key_copied")
    assert alarms(tenant) == {"key_copied": 3}
    assert "Two machines use" in page(f"devices/{device.pk}/")
    with tenant_context(tenant.pk):
        with pytest.raises(ValidationError) as refused:
            activate_device(tenant=tenant, device=device)
        assert refused.value.code == "key_copied"
        code = devices.issue_pairing_code(tenant=tenant, device=device)
    again = paired(code, Client())
    assert again.heartbeat().json()["suspended_for"] == "manual"
    assert refusal(terminal.heartbeat()) == (401, "key_copied")
    with tenant_context(tenant.pk):
        assert activate_device(tenant=tenant, device=device).state == DeviceState.ACTIVE
    assert again.heartbeat().json()["state"] == "active"


def test_a_restart_is_no_copy_and_neither_is_a_request_that_was_on_its_way(tenant: Property, door: tuple) -> None:
    _device, terminal = door
    late = terminal.signed("POST", HEARTBEAT, b"{}", JSON)
    terminal.restart()
    terminal.ahead = 1
    assert terminal.heartbeat().status_code == 200
    assert terminal.send("POST", HEARTBEAT, late, b"{}").status_code == 200
    assert terminal.heartbeat().status_code == 200
    assert alarms(tenant) == {}


def test_a_key_opens_no_other_property(tenant: Property, door: tuple) -> None:
    _device, terminal = door
    with transaction.atomic():
        other = factories.make_property()
    own = terminal.keyid.split(".")
    for keyid in (
        f"{other.pk.hex}.{own[1]}.{own[2]}",
        f"{own[0]}.{other.pk.hex}.{own[2]}",
        f"{'0' * 32}.{own[1]}.{own[2]}",
    ):
        headers = terminal.signed("POST", HEARTBEAT, b"{}", JSON, keyid=keyid)
        assert refusal(terminal.send("POST", HEARTBEAT, headers, b"{}")) == (401, "unknown_key")
    assert alarms(other) == {"unknown_key": 1}
    assert alarms(tenant) == {"unknown_key": 1}
    with tenant_context(other.pk):
        assert DeviceAlarm.objects.get().device_id is None


def test_a_question_about_a_person_of_another_property_is_recorded(tenant: Property, door: tuple) -> None:
    device, terminal = door
    with tenant_context(tenant.pk):
        devices.suspend(tenant=tenant, device=device)
    with transaction.atomic():
        other = factories.make_property()
    with tenant_context(other.pk):
        person = factories.make_person(other)
    answer = terminal.post_form("verify/", {"person": person.pk, "photo": b"a photo"})
    assert answer.json()["allowed"] is False
    assert (alarms(tenant), alarms(other)) == ({"foreign_person": 1}, {})


def test_what_is_not_signed_or_was_changed_is_refused(tenant: Property, door: tuple) -> None:
    _device, terminal = door
    good = terminal.signed("POST", HEARTBEAT, b"{}", JSON)
    cases = {
        "unsigned": [
            {},
            {name: value for name, value in good.items() if name != "Signature-Input"},
            *(terminal.signed("POST", HEARTBEAT, b"{}", JSON, **{name: None}) for name in PARAMETERS),
            terminal.signed("POST", HEARTBEAT, b"{}", JSON, tag="other"),
            terminal.signed("POST", HEARTBEAT, b"{}", JSON, alg="hmac-sha256"),
            terminal.signed("POST", HEARTBEAT, b"{}", JSON, nonce="short.x"),
            terminal.signed("POST", HEARTBEAT, b"{}", JSON, created="1"),
            terminal.signed("POST", HEARTBEAT, b"{}", JSON, expires=1),
            terminal.signed("POST", HEARTBEAT, b"{}") | {"Content-Type": JSON},
            good | {"Signature-Input": good["Signature-Input"] + ", " + good["Signature-Input"].replace("t1", "t2")},
            good | {"Signature-Input": "t1=(" * 3000},
        ],
        "bad_signature": [
            terminal.signed("GET", HEARTBEAT, b"{}", JSON),
            terminal.signed("POST", BASE + "keys/", b"{}", JSON),
            terminal.signed("POST", HEARTBEAT + "?a=1", b"{}", JSON),
            good | {"Signature": "t1=:AAAA:"},
            good | {"Signature": "t2" + good["Signature"][2:]},
            good | {"Content-Type": "application/json; charset=utf-8"},
            {name: value for name, value in good.items() if name != "Signature"},
        ],
        "bad_digest": [terminal.signed("POST", HEARTBEAT, b'{"report": {}}', JSON)],
    }  # fmt: skip
    for code, wrong in cases.items():
        for number, headers in enumerate(wrong):
            answer = terminal.send("POST", HEARTBEAT, {"Content-Type": JSON} | headers, b"{}")
            assert refusal(answer) == (401, code), (code, number)
    assert alarms(tenant) == {"bad_signature": 8}
    with tenant_context(tenant.pk):
        assert DeviceNonce.objects.count() == 1, "only that of the pairing"


def test_a_flood_of_bad_signatures_writes_no_more_alarms_and_stops_no_terminal(tenant: Property, door: tuple) -> None:
    _device, terminal = door
    bad = terminal.signed("POST", HEARTBEAT, b"{}", JSON) | {"Signature": "t1=:AAAA:"}
    stranger = Terminal(terminal.send, terminal.tenant, terminal.device)
    answers = [refusal(terminal.send("POST", HEARTBEAT, bad, b"{}")) for _time in range(55)]
    answers += [refusal(stranger.heartbeat()) for _time in range(7)]
    assert answers[:60] == 55 * [(401, "bad_signature")] + 5 * [(401, "unknown_key")]
    assert answers[60:] == 2 * [(429, "throttled")]
    assert int(stranger.heartbeat()["Retry-After"]) <= 60
    assert alarms(tenant) == {"bad_signature": 55, "unknown_key": 5}
    assert terminal.heartbeat().status_code == 200, "a good signature from the same address is heard"
    terminal.ahead = 70
    assert refusal(terminal.heartbeat()) == (401, "clock"), "and is told what is wrong with its clock"
    assert alarms(tenant)["clock"] == 1


def test_a_code_is_good_once_and_every_other_code_is_answered_alike(tenant: Property) -> None:
    with tenant_context(tenant.pk):
        device, code = factories.make_device(tenant)
        _over, over = factories.make_device(tenant)
        Device.objects.filter(pk=_over.pk).update(pairing_expires_at=device.created_at)
        retired, gone = factories.make_device(tenant)
        devices.retire(tenant=tenant, device=retired)
    first = Terminal(by_client(Client()))
    answer = first.pair(code, firmware="1.0")
    assert (answer.status_code, set(answer.json())) == (
        201, {"device", "keyid", "name", "access_point", "storage_mode", "server_time"}
    )  # fmt: skip
    assert answer.json()["keyid"] == first.keyid
    prefix, tenant_hex, device_hex, _secret = code.split("_")
    wrong = [code, over, gone, f"{prefix}_{tenant_hex}_{device_hex}_{'0' * 64}", f"{prefix}_{'0' * 32}_{device_hex}_x"]
    answers = [Terminal(by_client(Client())).pair(text) for text in wrong]
    assert {refusal(answer) for answer in answers} == {(400, "bad_code")}
    assert len({answer.content for answer in answers}) == 1
    assert first.heartbeat().status_code == 200


def test_pairing_again_ends_the_earlier_key(tenant: Property, door: tuple) -> None:
    device, terminal = door
    with tenant_context(tenant.pk):
        code = devices.issue_pairing_code(tenant=tenant, device=device)
    assert terminal.heartbeat().status_code == 200, "until the code is used"
    assert refusal(terminal.pair(code)) == (400, "key_reused")
    new = paired(code, Client())
    assert refusal(terminal.heartbeat()) == (401, "revoked_key")
    assert new.heartbeat().status_code == 200


def test_a_code_pairs_nobody_who_has_not_the_key(tenant: Property) -> None:
    with tenant_context(tenant.pk):
        _device, code = factories.make_device(tenant)
    owner, thief = Terminal(by_client(Client())), Terminal(by_client(Client()))
    owner.tenant, owner.device = thief.tenant, thief.device = code.split("_")[1:3]
    body = json.dumps({"code": code, **owner.public}).encode()
    path = BASE + "pair/"
    for keyid in (owner.keyid, thief.keyid):
        answer = thief.send("POST", path, thief.signed("POST", path, body, JSON, keyid=keyid), body)
        assert refusal(answer) == (401, "bad_signature")
    weak = json.dumps({"code": code, **owner.public, "sealing_key": "A" * 43 + "="}).encode()
    assert refusal(owner.send("POST", path, owner.signed("POST", path, weak, JSON), weak)) == (400, "bad_key")
    assert owner.pair(code).status_code == 201


def test_new_keys_take_the_place_of_the_old_ones(tenant: Property, door: tuple) -> None:
    _device, terminal = door
    new = Terminal(terminal.send, terminal.tenant, terminal.device)
    stranger = Terminal(terminal.send, terminal.tenant, terminal.device)
    forged = stranger.public | {"proof": terminal.public["signing_key"]}
    assert refusal(terminal.post("keys/", forged)) == (400, "bad_proof")
    answer = terminal.rotate(new)
    assert (answer.status_code, answer.json()) == (200, {"keyid": new.keyid})
    assert refusal(terminal.heartbeat()) == (401, "revoked_key")
    assert new.heartbeat().status_code == 200


def test_another_algorithm_than_the_declared_one_stops_the_device(tenant: Property, door: tuple) -> None:
    device, terminal = door
    same = {"algorithm": device.algorithm, "algorithm_version": device.algorithm_version, "firmware": "1.0"}
    told = terminal.heartbeat(**same, faces=0).json()
    assert (told["state"], told["orders"], told["hours"]) == ("active", 0, [])
    assert set(told) == {
        "device", "name", "access_point", "state", "suspended_for", "mode", "storage_mode", "orders", "faces_until",
        "hours", "server_time",
    }  # fmt: skip
    told = terminal.heartbeat(algorithm=device.algorithm, algorithm_version="99").json()
    assert (told["state"], told["suspended_for"]) == ("suspended", "not_cleared")
    assert alarms(tenant) == {}
    terminal.heartbeat(faces=3)
    assert alarms(tenant) == {"count_differs": 1}


def test_a_retired_terminal_is_told_so(tenant: Property, door: tuple) -> None:
    device, terminal = door
    with tenant_context(tenant.pk):
        devices.retire(tenant=tenant, device=device)
    assert refusal(terminal.heartbeat()) == (403, "device_retired")
