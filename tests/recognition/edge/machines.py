"""A terminal without HTTP: its private keys, what it fetches, opens and confirms, straight at the services."""

import base64
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from django.utils import timezone
from numpy.typing import NDArray

from recognition.edge import changes, jobs
from recognition.edge.models import DeviceKey, DeviceOrder
from recognition.edge.services import keys, queue
from recognition.edge.services.receipts import take_receipt
from tenants.organizations.models import Property
from tenants.people.models import Person
from tenants.premises.models import Device
from tests import factories
from tests.recognition.steps import enroll
from tests.roles import database_role


@dataclass
class Machine:
    device: Device
    signing: Ed25519PrivateKey
    sealing: X25519PrivateKey
    key: DeviceKey
    after: int = 0

    def fetch(self) -> list[DeviceOrder]:
        self.device.refresh_from_db()
        given, _more = queue.fetch(device=self.device, key=self.key, after=self.after)
        return given

    def open(self, order: DeviceOrder) -> NDArray[np.float32]:
        bound = f"consentry-template-1|{order.tenant_id}|{order.device_id}|{order.person_id}|{order.model_version}"
        suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
        plain = suite.decrypt(bytes(order.sealed), self.sealing, bound.encode())
        return np.frombuffer(plain, dtype="<f4").reshape(order.count, order.dimension)

    def text(self, order: DeviceOrder, outcome: str = "done", /, **said: Any) -> str:
        receipt = {
            "v": 1,
            "device": str(self.device.pk),
            "order": order.number,
            "kind": order.kind,
            "person": str(order.person_id) if order.person_id else None,
            "outcome": outcome,
            "reason": "",
            "handle": "",
            "model": "",
            "at": timezone.now().isoformat(),
        }
        return json.dumps(receipt | said)

    def sign(self, text: str) -> str:
        return base64.b64encode(self.signing.sign(text.encode())).decode()

    def confirm(self, order: DeviceOrder, outcome: str = "done", /, **said: Any) -> DeviceOrder:
        text = self.text(order, outcome, **said)
        return self.hand_in(order.number, text, self.sign(text))

    def hand_in(self, number: int, text: str, signature: str) -> DeviceOrder:
        self.device.refresh_from_db()
        return take_receipt(device=self.device, key=self.key, number=number, receipt=text, signature=signature)

    def work(self) -> list[str]:
        """Do everything that waits, as it comes; return what it was."""
        done = []
        for order in self.fetch():
            self.confirm(order)
            self.after = order.number
            done.append(order.kind)
        return done

    def renew(self, change: Any = changes.rotated) -> None:
        """Make other keys, by rotation or by pairing again."""
        signing, sealing = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()
        self.key = keys.replace(
            device=self.device,
            signing=signing.public_key().public_bytes_raw(),
            sealing=sealing.public_key().public_bytes_raw(),
        )
        self.signing, self.sealing = signing, sealing
        change(device=self.device, key=self.key)


def make_machine(tenant: Property, device: Device | None = None) -> Machine:
    """A paired terminal at an active device."""
    device = device or factories.make_active_device(tenant)[0]
    machine = Machine(device, None, None, None)
    machine.renew(changes.paired)
    return machine


def another(machine: Machine, who: str) -> Person:
    """One more person who is enrolled; nothing of it is sealed yet."""
    person, _visit = factories.make_consented_person(machine.device.tenant)
    enroll(machine.device.tenant, person, who)
    person.refresh_from_db()
    return person


def seal_for_device(machine: Machine) -> int:
    with database_role("recognition"):
        return jobs.seal_for_device(tenant_id=machine.device.tenant_id, device_id=machine.device.pk)


def seal_for_person(person: Person, *, is_new: bool = False) -> int:
    with database_role("recognition"):
        return jobs.seal_for_person(tenant_id=person.tenant_id, person_id=person.pk, is_new=is_new)
