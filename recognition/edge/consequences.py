"""What terminals are asked to do when a face or a device moves along its life, or a terminal has other keys.

The rooms below say that it moved; orders are written in the same transaction, so that none can be missing afterwards.
Templates are sealed after it, by the face worker: only it can open them.
"""

from recognition.edge import tasks
from recognition.edge.models import DeviceKey
from recognition.edge.services import losses, orders, queue
from tenants.organizations.kinds import StorageMode
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device


def face_moved(*, person: Person, before: FaceState, after: FaceState) -> None:
    """Follow a face. Of one that is kept on terminals only, nothing is ever sealed."""
    if after == FaceState.SUSPENDED:
        orders.suspend(person=person)
    elif after == FaceState.ERASING:
        orders.delete(person=person)
    elif after == FaceState.ENROLLED:
        if before == FaceState.SUSPENDED:
            orders.resume(person=person)
        if person.face_stored == StorageMode.PORTAL:
            tasks.send_seal_for_person(person=person, is_new=before != FaceState.SUSPENDED)


def device_moved(*, device: Device, before: DeviceState, after: DeviceState) -> None:
    """Follow a device. One that is suspended keeps what it holds (and `queue.fetch` gives it no more).

    A retired one is to delete everybody.
    """
    if after == DeviceState.ACTIVE:
        tasks.send_seal_for_device(device=device)
    elif after == DeviceState.RETIRED and DeviceKey.objects.filter(device=device).exists():
        orders.wipe(device=device, is_certain=True)


def paired(*, device: Device, key: DeviceKey) -> None:
    """A terminal begins anew: what it held before is deleted first, and then brought to it again.

    One that was declared lost deletes everybody, whatever is known of it.
    """
    was_lost = losses.came_back(device=device)
    if orders.wipe(device=device, is_certain=was_lost) is None:
        tasks.send_seal_for_device(device=device)


def rotated(*, device: Device, key: DeviceKey) -> None:
    """A terminal cannot open any more what was sealed to its old key."""
    if queue.take_back_sealed(device=device):
        tasks.send_seal_for_device(device=device)
