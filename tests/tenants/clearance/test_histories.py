"""Random histories of a property: in no state does a face open a door without clearance, or stand alone at a door.

A match is the real one, with a face engine that knows faces by name. What must hold is said a second time in
histories/law.py, from the rows. `HISTORIES=500` tries as many others, and shortens what it finds.
"""

import os
from collections import Counter

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from recognition.matching.answers import Answer
from recognition.matching.models import DoorEvent
from recognition.vault.models import FaceTemplate
from tenants.people.kinds import FaceState
from tenants.people.models import Invitation
from tenants.people.services import prompts
from tenants.premises.kinds import DeviceMode, DeviceState, SuspensionReason
from tenants.premises.models import Device
from tests.recognition.steps import knock
from tests.roles import database_role
from tests.tenants.clearance.histories import answers, law
from tests.tenants.clearance.histories.acts import ACTS
from tests.tenants.clearance.histories.days import Days
from tests.tenants.clearance.histories.mending import Mending
from tests.tenants.clearance.histories.papers import Papers
from tests.tenants.clearance.histories.rows import Rows
from tests.tenants.clearance.histories.stage import Somebody

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

STEPS = 30
OTHERS = int(os.environ.get("HISTORIES", "0"))
PROFILE = settings(
    max_examples=OTHERS or 8,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    # The same histories on every machine, and no time spent on shortening one that fails there.
    derandomize=not OTHERS,
    phases=[Phase.generate, Phase.shrink] if OTHERS else [Phase.generate],
    report_multiple_bugs=False,
)


class Histories(Mending, Papers, Days):
    """All that members, people and time do; after each of it, what must hold."""

    @invariant()
    def whatever_happened(self) -> None:
        rows = self.read()
        before, self.told = self.told, rows.fingerprint
        # At any moment, before any worker or sweep has come by
        if self.told != before:  # else the doors have answered already
            self.no_face_opens_a_door_unless_the_law_and_the_person_say_yes(rows)
        self.no_device_is_on_in_a_private_place_or_where_the_face_is_the_only_way(rows)
        self.a_face_that_is_not_kept_has_no_template(rows)
        self.nobody_who_said_no_is_asked_again(rows)
        if self.is_settled:
            # The followers have run
            self.no_device_stays_on_against_the_law_and_none_stays_off_without_a_reason(rows)
            self.no_face_stays_in_use_without_a_yes_and_none_stays_out_with_one(rows)

    def no_face_opens_a_door_unless_the_law_and_the_person_say_yes(self, rows: Rows) -> None:
        of_all = law.of_the_property(rows)
        faces = [one for one in self.people if rows.people[one.pk].face_state not in NEVER_SEEN]
        wishes = {somebody: law.of_the_person(rows, rows.people[somebody.pk]) for somebody in faces}
        for device in rows.devices:
            lacks = of_all + law.of_the_device(rows, device)
            lacks += [] if law.face_is_open(rows, device) else ["closed to faces now"]
            # At a device that is off one face is tried, another one each time.
            tried = faces if device.state == DeviceState.ACTIVE else faces[self.tried % max(len(faces), 1) :][:1]
            self.tried += 1
            for somebody in tried:
                person, reasons = rows.people[somebody.pk], lacks + wishes[somebody]
                is_used = (device.state, person.face_state) == (DeviceState.ACTIVE, FaceState.ENROLLED)
                answer = self.knocks(device, somebody)
                self.seen["allowed match" if answer.allowed else "refused match"] += 1
                if answer.allowed:
                    assert is_used and reasons == [], f"{somebody.face} got in: {reasons}"
                    assert DoorEvent.objects.get(pk=answer.event).person_id == somebody.pk
                else:
                    self.seen.update(f"refused: {reason}" for reason in set(reasons))
                    assert reasons or not is_used, f"{somebody.face} was kept out: {answer.rule}"

    def no_device_is_on_in_a_private_place_or_where_the_face_is_the_only_way(self, rows: Rows) -> None:
        for device in rows.devices:
            if device.state == DeviceState.ACTIVE:
                assert law.PRIVATE.isdisjoint(law.kinds_around(device.access_point.zone))
                assert law.other_ways(rows, device)

    def a_face_that_is_not_kept_has_no_template(self, rows: Rows) -> None:
        with database_role("recognition"):
            living = FaceTemplate.objects.filter(tenant=self.tenant, key__destroyed_at__isnull=True)
            holders = set(living.values_list("person_id", flat=True))
        assert holders == {person.pk for person in rows.people.values() if person.face_state in KEPT}

    def nobody_who_said_no_is_asked_again(self, rows: Rows) -> None:
        for person in rows.people.values():
            if any(answers.said_no(rows, person, purpose) for purpose in PURPOSES):
                with pytest.raises(ValidationError), transaction.atomic():
                    prompts.invite(tenant=self.tenant, person=person, made_by=self.actor)
                self.seen["not asked again after a no"] += 1
                # One that was on its way before the no does not go out after it.
                sent = Invitation.objects.filter(person=person, sent_at__isnull=False)
                assert not sent.filter(sent_at__gt=answers.last_no_at(rows, person)).exists()

    def no_device_stays_on_against_the_law_and_none_stays_off_without_a_reason(self, rows: Rows) -> None:
        for device in rows.devices:
            lacks = law.of_the_property(rows) + law.of_the_device(rows, device)
            if device.state == DeviceState.ACTIVE:
                assert lacks == []
            if device.state == DeviceState.SUSPENDED and device.suspended_for != SuspensionReason.MANUAL:
                assert lacks != [], "Mended, and it does not work again."

    def no_face_stays_in_use_without_a_yes_and_none_stays_out_with_one(self, rows: Rows) -> None:
        for person in rows.people.values():
            lacks = law.of_the_property(rows) + law.of_the_person(rows, person)
            if person.face_state == FaceState.ENROLLED:
                assert lacks == []
            if person.face_state == FaceState.SUSPENDED:
                assert lacks != [], "Mended, and it is not taken up again."

    def all_is_well(self, willing: list[Somebody]) -> None:
        """Mending lifts everything: afterwards every device is open to everybody who agreed."""
        assert self.is_settled
        self.whatever_happened()
        rows = self.read()
        for somebody in willing:
            person = rows.people[somebody.pk]
            lacks = law.of_the_property(rows) + law.of_the_person(rows, person)
            # Who asked for everything to be erased is not brought back; a child waits for a guardian.
            assert lacks == [] or person.erased_at or answers.is_child(rows, person), lacks
            if lacks == []:
                assert person.face_state == FaceState.ENROLLED
                self.seen["open after mending"] += 1
        assert {device.state for device in rows.devices} == {DeviceState.ACTIVE}

    def knocks(self, device: Device, somebody: Somebody) -> Answer:
        person = somebody.row if device.mode == DeviceMode.VERIFY else None
        answer = knock(self.tenant, device, somebody.face, person)
        assert answer is not None
        return answer


PURPOSES = ("recognition", "transmission")
NEVER_SEEN = {FaceState.INVITED, FaceState.CONSENTED}
KEPT = {FaceState.ENROLLED, FaceState.SUSPENDED}
# What a run must have come to, or it proves nothing: so often at least.
REACHED = {
    "enrolled": 10,
    "suspended": 4,
    "resumed": 2,
    "erased": 3,
    "device active": 20,
    "device suspended": 10,
    "device resumed": 5,
    "allowed match": 100,
    "refused match": 100,
    "open after mending": 30,
    "not asked again after a no": 3,
}


def test_each_act_alone_shuts_the_face_out_before_and_after_the_workers_have_come(db: None) -> None:
    """What a random history may miss on one machine is tried here once."""
    state = Histories()
    try:
        state.open_the_house(workers_are_behind=False)
        for reason, act in ACTS:
            with state.what_if():
                state.is_behind = True
                act(state)
                state.whatever_happened()
                rows = state.read()
                found = law.of_the_property(rows) + law.of_the_person(rows, rows.people[state.people[0].pk])
                for device in rows.devices:
                    found += law.of_the_device(rows, device)
                    found += [] if law.face_is_open(rows, device) else ["closed to faces now"]
                assert reason in found, f"{reason} did not come about: {found}"
                state.is_behind = False
                state.sweeps()
                state.whatever_happened()
    finally:
        state.teardown()


def test_no_history_leads_to_a_face_without_clearance_or_a_door_with_face_alone(db: None) -> None:
    Histories.seen = Counter()
    run_state_machine_as_test(Histories, settings=PROFILE)
    if OTHERS:
        print(dict(sorted(Histories.seen.items())))
    assert {name: Histories.seen[name] for name, least in REACHED.items() if Histories.seen[name] < least} == {}
