"""Where a face may be outside this portal: on terminals. It is erased when each has confirmed that it is gone."""

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recognition.edge import bundle, order_rules, witness
from recognition.edge.kinds import CopyState, OrderKind, OrderState
from recognition.edge.models import DeviceAlarm, DeviceCopy, DeviceOrder
from recognition.edge.services import copies, orders
from recognition.edge.services.ending import LOST_DUE, end_lost_faces
from tenants.organizations.models import Property
from tenants.people.models import Person
from tenants.rights import bundle_sources, stores
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

    def erase_many(self, people: Sequence[Person]) -> dict[uuid.UUID, int]:
        held = self.holding(people)
        for person in people:
            if person.pk in held:
                self.erase(person)
        gone = DeviceCopy.objects.filter(person__in=[person.pk for person in people], state=CopyState.GONE)
        return dict(Counter(gone.values_list("person_id", flat=True)))

    def holding(self, people: Sequence[Person]) -> set[uuid.UUID]:
        return {person.pk for person in copies.on_terminals(people)}


# For the sweep of a property: whether any alarm is past its clock (rights/due.py).
ALARMS_DUE = """EXISTS (SELECT 1 FROM edge_devicealarm a
    WHERE a.tenant_id = p.id AND a.last_at < %(now)s - make_interval(days => p.alarm_days))"""
ALARMS_AT_ONCE = 5_000


def expire_alarms(*, tenant: Property) -> int:
    """Delete the oldest alarms past the property's clock for them, some thousands at a time; return how many."""
    limit = timezone.now() - timedelta(days=tenant.alarm_days)
    oldest = DeviceAlarm.objects.filter(tenant=tenant, last_at__lt=limit).order_by("last_at").values("pk")
    return DeviceAlarm.objects.filter(pk__in=oldest[:ALARMS_AT_ONCE]).delete()[0]


_STORE = DeviceStore()


def register() -> None:
    stores.register(_STORE)
    stores.register_witness(witness.terminals)
    stores.register_expirer(expire_alarms, due=ALARMS_DUE)
    stores.register_expirer(end_lost_faces, due=LOST_DUE)
    bundle_sources.register_receipts(bundle.receipts)
