"""A lawful house with one active device and one enrolled person, for tests of what follows when a fact changes.

Facts are changed by the services that members and people use; what follows is what these send, done by the real
tasks. A date passes by the clock, and then the sweeps come by.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from recognition.enrollment.services import submit_photo
from recognition.matching.answers import Answer
from recognition.matching.cache import cache as galleries
from tenants.clearance import jobs
from tenants.clearance.checks import Check
from tenants.clearance.services import activate_device, check_device, check_person
from tenants.organizations.models import Handler, Property
from tenants.organizations.services.properties import update_handler
from tenants.people.kinds import AgeBand, ConsentDecision, FaceState
from tenants.people.models import Guardian, Person
from tenants.people.rules.consents import required_purposes
from tenants.people.services import persons
from tenants.premises.kinds import DeviceState, MethodKind, ZoneKind
from tenants.premises.models import AccessMethod, AccessPoint, Device, Zone
from tenants.premises.services import devices, doors, zones
from tenants.rights import retention_jobs, sweeps
from tenants.rights.services.withdrawals import answer
from tenants.transparency.models import Notice
from tests import factories
from tests.fakes import face_photo
from tests.recognition.steps import knock
from tests.tenants.clearance.clock import Clock
from tests.tenants.clearance.workers import Queue

# A Monday morning, long after the first day of the Measures.
BEGINS = datetime(2026, 3, 2, 9, tzinfo=timezone.get_default_timezone())
FACE = "li"


class Scene:
    """What is asked of it is read from the database each time."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.queue = clock, Queue()
        tenant = factories.make_property()
        self.house, self.actor = tenant.pk, factories.make_member(tenant)
        # Which device and whose face it is about.
        self.watched = factories.make_active_device(tenant)[0].pk
        self.subject = factories.make_person(tenant).pk
        self.does(self.answers)
        self.does(self.enrols)

    # Who and what it is about

    @property
    def tenant(self) -> Property:
        return Property.objects.select_related("handler").get(pk=self.house)

    @property
    def device(self) -> Device:
        return Device.objects.select_related("tenant__handler", "access_point__zone").get(pk=self.watched)

    @property
    def person(self) -> Person:
        return Person.objects.select_related("tenant__handler").get(pk=self.subject)

    @property
    def door(self) -> AccessPoint:
        return self.device.access_point

    @property
    def uses(self) -> tuple[bool, bool]:
        """Whether the device is on, and whether the face is in use."""
        return self.device.state == DeviceState.ACTIVE, self.person.face_state == FaceState.ENROLLED

    def broken(self) -> dict[str, Check]:
        checks = [*check_device(self.device), *check_person(self.person)]
        return {check.code: check for check in checks if not check.holds}

    # How time passes

    def does(self, act: Callable[[], object], *, workers: bool = True) -> None:
        """A service changes something, and its transaction ends; then the workers do what it sent."""
        with self.queue.collecting():
            act()
        if workers:
            self.queue.drain()

    def sweeps(self) -> None:
        """What beat starts every minute."""
        self.clock.passes(minutes=2)
        self.does(lambda: (jobs.judge(), retention_jobs.sweep_retention(), sweeps.sweep_erasures()))

    def judged(self) -> None:
        self.does(jobs.judge)

    def days_pass(self, days: int) -> None:
        """Each day the sweeps come by."""
        self.clock.passes(days=days)
        self.sweeps()

    @contextmanager
    def what_if(self) -> Iterator[None]:
        """Whatever happens inside has not happened afterwards."""
        waiting = list(self.queue.waiting)
        # With a ledger of its own, because lines of a file do not go back.
        own = TemporaryDirectory()
        with own as ledger, override_settings(LEDGER_DIR=Path(ledger)), self.clock.kept(), transaction.atomic():
            yield
            transaction.set_rollback(True)
        self.queue.waiting = waiting
        # Its number has gone back and will be given to another one.
        galleries.drop(self.house)

    # What members do

    def ways(self, **terms: dict[str, Any]) -> None:
        door = self.door
        doors.update_door(tenant=self.tenant, door=door, zone=door.zone, name=door.name, methods=terms)

    def reports(self, kind: MethodKind, *, is_live: bool) -> None:
        method = AccessMethod.objects.get(access_point=self.door, kind=kind)
        doors.set_method_live(tenant=self.tenant, method=method, is_live=is_live)

    def relabels(self, kind: ZoneKind) -> None:
        zone = Zone.objects.get(pk=self.door.zone_id)
        zones.update_zone(tenant=self.tenant, zone=zone, name=zone.name, kind=kind)

    def writes(self, **facts: Any) -> None:
        devices.update(tenant=self.tenant, device=self.device, **facts)

    def handler(self, **fields: Any) -> None:
        update_handler(handler=Handler.objects.get(pk=self.tenant.handler_id), **fields)

    def record(self, **fields: Any) -> None:
        person = self.person
        known = {"name": "李阿姨", "kind": person.kind, "age_band": person.band, "stay_ends_on": person.stay_ends_on}
        persons.update_person(tenant=self.tenant, person=person, **(known | fields))

    def photographs(self, *, days_ago: int = 0) -> None:
        day = timezone.localdate() - timedelta(days=days_ago)
        picture = factories.sign_photo()
        devices.record_sign(tenant=self.tenant, device=self.device, taken_on=day, picture=picture)

    def activates(self) -> None:
        activate_device(tenant=self.tenant, device=self.device)

    def assesses(self) -> None:
        """Exactly what there is."""
        factories.make_assessment(self.tenant, self.actor)

    def publishes(self, **texts: str) -> None:
        factories.make_notice(self.tenant, self.actor, **texts)

    # What people do

    def answers(self, decision: ConsentDecision = ConsentDecision.AGREE, *, to: str = "") -> None:
        """The person, or the guardian of a child, answers every question, or one."""
        rows = Guardian.objects.filter(child=self.person, ended_at__isnull=True)
        if self.person.band == AgeBand.UNDER_14:
            visit = factories.make_guardian_visit(rows.select_related("tenant", "child", "guardian").get())
        else:
            visit = factories.make_visit(self.tenant, self.person)
        for purpose in [to] if to else required_purposes(self.tenant.storage_mode):
            notice = Notice.objects.filter(tenant=self.tenant).current()
            answer(visit=visit, purpose=purpose, decision=decision, notice=notice, language="zh-hans")

    def enrols(self) -> None:
        submit_photo(tenant=self.tenant, person=self.person, photo=face_photo(FACE))

    def enrolment_refused(self) -> set[str]:
        """Return why a photo would not be taken in now."""
        with self.what_if():
            try:
                self.enrols()
            except ValidationError as refused:
                return {error.code for error in refused.error_list}
        return set()

    def activation_refused(self) -> set[str]:
        with self.what_if():
            try:
                self.activates()
            except ValidationError as refused:
                return {error.code for error in refused.error_list}
        return set()

    def knocks(self) -> Answer:
        found = knock(self.tenant, self.device, FACE, self.person)
        assert found is not None
        return found
