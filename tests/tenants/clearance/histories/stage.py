"""The stage of a history: one property, its clock and its workers, and what has been seen to happen on it."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from recognition.enrollment.services import submit_photo
from recognition.enrollment.sweeps import sweep_captures
from recognition.matching.cache import cache as galleries
from tenants.clearance import jobs
from tenants.organizations.models import Property
from tenants.people.kinds import AgeBand, FaceState
from tenants.people.models import Guardian, Person
from tenants.premises.kinds import DeviceMode, DeviceState, MethodKind, ZoneKind, ZoneLevel
from tenants.premises.models import Device
from tenants.rights import retention_jobs, sweeps
from tests import factories
from tests.fakes import face_photo
from tests.tenants.clearance.clock import Clock
from tests.tenants.clearance.histories.rows import Rows
from tests.tenants.clearance.workers import Queue, workers_at_hand

# A Monday morning, long after the first day of the Measures.
BEGINS = datetime(2026, 3, 2, 9, tzinfo=timezone.get_default_timezone())
# What a service answers with, and a page to which nobody may come: somebody else's child, or one that has grown up.
REFUSALS = (ValidationError, Guardian.DoesNotExist)
# After so many acts everything is mended: most mistakes show where one or two facts are wrong, not ten.
ACTS_BEFORE_MENDING = 7


@dataclass(frozen=True)
class Somebody:
    """A person of the property, and the face that a camera sees."""

    pk: object
    face: str

    @property
    def row(self) -> Person:
        return Person.objects.select_related("tenant__handler").get(pk=self.pk)


class _Complaints(logging.Handler):
    """The sweeps log what went wrong and go on with the next property; here it is an error."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1]:
            raise record.exc_info[1]


class Stage(RuleBasedStateMachine):
    """Begins with an active device, an enrolled person, and somebody who has not answered yet."""

    seen: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.queue = Queue()
        self.people: list[Somebody] = []
        # The workers take up at once what is sent; while they are behind, it waits.
        self.is_behind = False
        # A date may have passed, or a task was lost, and the daily sweep has not come by since.
        self.is_owed = False
        self.acts = self.tried = 0
        self.told = ""
        self.states: dict[object, str] = {}

    @initialize(workers_are_behind=st.booleans())
    def open_the_house(self, workers_are_behind: bool) -> None:
        self.clock = self.stack.enter_context(Clock(BEGINS))
        self.stack.enter_context(workers_at_hand())
        self.stack.enter_context(transaction.atomic())
        self.tenant = factories.make_property()
        self.actor = factories.make_member(self.tenant)
        outdoors = factories.make_zone(self.tenant, ZoneKind.OUTDOOR, level=ZoneLevel.SITE)
        self.house = factories.make_zone(self.tenant, ZoneKind.LOBBY, parent=outdoors, level=ZoneLevel.BUILDING)
        self.bath = factories.make_zone(self.tenant, ZoneKind.BATH, parent=outdoors, level=ZoneLevel.BUILDING)
        self.hall = factories.make_zone(self.tenant, ZoneKind.LOBBY, parent=self.house)
        self.door = factories.make_door(self.tenant, self.hall, methods=(MethodKind.FACE, MethodKind.CARD))
        for mode in (DeviceMode.VERIFY, DeviceMode.IDENTIFY):
            factories.make_device(self.tenant, self.door, mode=mode)
        for face in ("li", "wang"):
            self.people.append(Somebody(factories.make_person(self.tenant, face, age_band=AgeBand.ADULT).pk, face))
        self.mend(willing=self.people[:1])
        self.is_behind = workers_are_behind

    def mend(self, *, willing: list[Somebody] | None = None) -> None:
        raise NotImplementedError

    def teardown(self) -> None:
        if hasattr(self, "tenant"):
            galleries.drop(self.tenant.pk)
            transaction.set_rollback(True)
        self.stack.close()

    @contextmanager
    def what_if(self) -> Iterator[None]:
        """Whatever happens inside has not happened afterwards."""
        before = self.people[:], self.is_behind, self.is_owed, self.acts
        with self.clock.kept(), transaction.atomic():
            yield
            transaction.set_rollback(True)
        self.people, self.is_behind, self.is_owed, self.acts = before
        self.queue.lose()
        self.tenant = Property.objects.select_related("handler").get(pk=self.tenant.pk)
        # Its number has gone back and will be given to another one.
        galleries.drop(self.tenant.pk)

    # How things are done here

    def does(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Do something as a door of the portal does it; a refusal is an answer. Return what the service returned."""
        self.acts += 1
        if self.acts > ACTS_BEFORE_MENDING:
            self.mend()
        return self.tries(act, *args, **kwargs)

    def tries(self, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        outcome = None
        with self.queue.collecting():
            try:
                with transaction.atomic():
                    outcome = act(*args, **kwargs)
            except REFUSALS:
                self.seen["service refused"] += 1
        self.comes_by()
        return outcome

    def comes_by(self) -> None:
        """The workers do what was sent, unless they are behind; then the stage is looked at again."""
        if not self.is_behind:
            self.queue.drain()
        self.tenant = Property.objects.select_related("handler").get(pk=self.tenant.pk)
        self.look()

    def enrols(self, somebody: Somebody) -> None:
        self.tries(submit_photo, tenant=self.tenant, person=somebody.row, photo=face_photo(somebody.face))

    def sweeps(self) -> None:
        """What beat does every minute, some minutes later."""
        self.clock.passes(minutes=2)
        complaints = _Complaints()
        logging.getLogger("tenants").addHandler(complaints)
        try:
            with self.queue.collecting():
                retention_jobs.sweep_retention()
                sweeps.sweep_erasures()
                jobs.judge()
                sweep_captures()
        finally:
            logging.getLogger("tenants").removeHandler(complaints)
        self.is_owed = False
        self.comes_by()

    @property
    def is_settled(self) -> bool:
        """Whether the followers have run: nothing waits, and no day has begun without its sweep."""
        return not (self.is_behind or self.is_owed or self.queue.waiting)

    # What there is

    def read(self) -> Rows:
        return Rows.read(self.tenant, self.clock)

    def devices(self) -> list[Device]:
        rows = Device.objects.filter(tenant=self.tenant).exclude(state=DeviceState.RETIRED)
        return list(rows.order_by("created_at"))

    def device(self, number: int) -> Device:
        rows = self.devices()
        return rows[number % len(rows)]

    def somebody(self, number: int) -> Somebody:
        return self.people[number % len(self.people)]

    def look(self) -> None:
        """Count the states that people and devices are in, and the steps from one to another."""
        now = {person.pk: person.face_state for person in Person.objects.filter(tenant=self.tenant)}
        now |= {device.pk: f"device {device.state}" for device in Device.objects.filter(tenant=self.tenant)}
        for pk, state in now.items():
            if state != self.states.get(pk):
                self.seen[state] += 1
                if (self.states.get(pk), state) == (FaceState.SUSPENDED, FaceState.ENROLLED):
                    self.seen["resumed"] += 1
                if (self.states.get(pk), state) == ("device suspended", "device active"):
                    self.seen["device resumed"] += 1
        self.states = now
