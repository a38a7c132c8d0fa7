"""Where a face may be outside this portal: on terminals. It is erased when each has confirmed that it is gone."""

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recognition.edge import order_rules
from recognition.edge.kinds import CopyState, OrderKind, OrderState
from recognition.edge.models import DeviceCopy, DeviceOrder
from recognition.edge.services import copies, orders
from tenants.people.models import Person
from tenants.rights import stores
from tenants.rights.kinds import ErasureScope
from tenants.rights.stores import RunsAs, rows_of


class DeviceStore:
    """Faces on terminals. The rows stay, as evidence of where the face was and when each terminal confirmed.

    Deletions are ordered in the transaction of the erasure already (`consequences`); erasing orders what is missing,
    and again what a terminal could not do.
    """

    name = "devices"
    label = _("Door terminals")
    scope = ErasureScope.FACE
    runs_as: RunsAs = "web"
    models: tuple[str, ...] = ("edge.DeviceCopy", "edge.DeviceOrder")

    def count(self, person: Person) -> int:
        return copies.living(person=person).count()

    def export(self, person: Person) -> list[dict[str, object]]:
        rows = DeviceCopy.objects.filter(person=person)
        return rows_of(rows.values("device__name", "device__access_point__name", "state", "since", "model_version"))

    def erase(self, person: Person) -> int:
        """Return how many terminals are confirmed to hold nothing any more."""
        person = Person.objects.select_for_update().get(pk=person.pk)
        failed = DeviceOrder.objects.filter(person=person, kind=OrderKind.DELETE, state=OrderState.FAILED)
        failed_at = failed.aggregate(last=Max("finished_at"))["last"]
        if order_rules.may_be_asked_again(failed_at=failed_at, now=timezone.now()):
            orders.delete(person=person)
        return DeviceCopy.objects.filter(person=person, state=CopyState.GONE).count()


_STORE = DeviceStore()


def register() -> None:
    stores.register(_STORE)
