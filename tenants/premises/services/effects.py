"""What a change does to devices, by itself or by what the gate makes of it: read before and after, so none is left out.

Who judges stands above this room and may judge more than the row that changed, so no service can list it by itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db.models import Q

from tenants.organizations.changes import hold_facts
from tenants.organizations.models import Property
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device


@dataclass
class Effects:
    """The devices that a change has suspended, and those that work again. Filled when the change is over."""

    suspended: list[Device] = field(default_factory=list)
    resumed: list[Device] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.suspended or self.resumed)


@contextmanager
def watching(*, tenant: Property) -> Iterator[Effects]:
    """Hold the property's facts and yield the effects of what happens inside. In a transaction; two queries.

    A device that is stopped and started again within the change was not stopped.
    """
    hold_facts(tenant=tenant)
    devices = Device.objects.filter(tenant=tenant)
    before = dict(devices.exclude(state=DeviceState.RETIRED).order_by().values_list("pk", "state"))
    effects = Effects()
    yield effects
    was_on = [pk for pk, state in before.items() if state == DeviceState.ACTIVE]
    was_off = [pk for pk, state in before.items() if state == DeviceState.SUSPENDED]
    changed = devices.filter(
        Q(pk__in=was_on, state=DeviceState.SUSPENDED) | Q(pk__in=was_off, state=DeviceState.ACTIVE)
    )
    for device in changed.order_by("name", "pk"):
        (effects.suspended if device.state == DeviceState.SUSPENDED else effects.resumed).append(device)
