"""What ends a person's part or what a child lacks: that face stops, the door goes on."""

from datetime import date, timedelta

from django.utils import timezone

from tenants.organizations.kinds import StorageMode
from tenants.organizations.services.properties import set_retention, update_property
from tenants.people.models import Guardian
from tenants.people.services import guardians, persons
from tenants.rights.kinds import ErasureReason, ErasureScope
from tenants.rights.services.erasures import order_erasure
from tenants.rights.services.withdrawals import withdraw
from tests import factories
from tests.tenants.clearance.scene import Scene
from tests.tenants.clearance.table.begins import about_a_child, about_somebody_new
from tests.tenants.clearance.table.row import AFTER_GRACE, AT_ONCE, FACE_STOPS, Row


def withdraw_by_link(scene: Scene) -> None:
    withdraw(visit=factories.make_visit(scene.tenant, scene.person))


def erase_the_record(scene: Scene) -> None:
    order_erasure(tenant=scene.tenant, person=scene.person, reason=ErasureReason.REQUESTED, scope=ErasureScope.PERSON)


def end_the_guardianship(scene: Scene) -> None:
    guardians.end_guardian(tenant=scene.tenant, guardian=Guardian.objects.get(child=scene.person))


def find_another_guardian(scene: Scene) -> None:
    factories.make_guardian(scene.tenant, scene.person, actor=scene.actor)
    scene.answers()


def allow(scene: Scene, are_allowed: bool) -> None:
    update_property(tenant=scene.tenant, allows_under_14=are_allowed)


def publish_that_children_are_not_enrolled(scene: Scene) -> None:
    """And then decide otherwise, without telling anybody."""
    allow(scene, False)
    scene.publishes()
    allow(scene, True)


def publish_how_children_are_enrolled(scene: Scene) -> None:
    """Whoever agreed to the other text is asked again."""
    scene.publishes()
    scene.answers()


def keep_faces(scene: Scene, mode: StorageMode) -> None:
    """In another place, told to everybody, assessed, and agreed to: only the old template is where it may not be."""
    update_property(tenant=scene.tenant, storage_mode=mode)
    scene.publishes()
    scene.assesses()
    scene.answers()


def keep_for(scene: Scene, days: int) -> None:
    set_retention(tenant=scene.tenant, face_days=days, event_days=90)


def stay_until(scene: Scene, last: date | None) -> None:
    scene.record(stay_ends_on=last)


ROWS = [
    Row(
        "erasing",
        "PIPL 47",
        breaks=withdraw_by_link,
        workers=False,  # the order alone ends the face; the stores are emptied when a worker comes
        leaves=FACE_STOPS,
        enrolment="erasing",
        mends=Scene.answers,
        returns=False,
    ),
    Row(
        "record_erased",
        "PIPL 47",
        breaks=erase_the_record,
        leaves=FACE_STOPS,
        enrolment="record_erased",
        mends=about_somebody_new,
        returns=False,
    ),
    Row(
        "died",
        "PIPL 49",
        breaks=lambda s: persons.record_death(tenant=s.tenant, person=s.person, died_on=timezone.localdate()),
        leaves=FACE_STOPS,
        enrolment="died",
        erased=(AT_ONCE, "died"),
        mends=lambda s: persons.correct_death(tenant=s.tenant, person=s.person),
    ),
    Row(
        "restricted",
        "PIPL 44",
        breaks=lambda s: persons.restrict(tenant=s.tenant, person=s.person),
        leaves=FACE_STOPS,
        enrolment="restricted",
        mends=lambda s: persons.lift_restriction(tenant=s.tenant, person=s.person),
    ),
    Row(
        "under_14",
        "Art 7",
        begins=about_a_child,
        breaks=lambda s: allow(s, False),
        leaves=FACE_STOPS,
        enrolment="under_14",
        mends=lambda s: allow(s, True),
    ),
    Row(
        "no_guardian",
        "Art 7",
        begins=about_a_child,
        breaks=end_the_guardianship,
        leaves=FACE_STOPS,
        enrolment="no_guardian",
        erased=(AFTER_GRACE, "consent_lost"),  # with the guardian goes what the guardian said
        mends=find_another_guardian,
    ),
    Row(
        "no_minors_rules",
        "Art 7",
        begins=about_a_child,
        breaks=publish_that_children_are_not_enrolled,
        leaves=FACE_STOPS,
        enrolment="no_minors_rules",
        mends=publish_how_children_are_enrolled,
    ),
    Row(
        "stay_over",
        "PIPL 47",
        by="day",
        begins=lambda s: stay_until(s, timezone.localdate()),
        breaks=lambda s: s.clock.passes(days=1),
        leaves=FACE_STOPS,
        enrolment="stay_over",
        erased=(AT_ONCE, "stay_ended"),
        mends=lambda s: stay_until(s, timezone.localdate() + timedelta(days=60)),
    ),
    Row(
        "retention_over",
        "Art 8",
        begins=lambda s: s.clock.passes(days=10),
        breaks=lambda s: keep_for(s, 5),
        leaves=FACE_STOPS,
        enrolment="retention_over",
        erased=(AT_ONCE, "retention"),
        mends=lambda s: keep_for(s, 180),
    ),
    Row(
        "face_elsewhere",
        "Art 8",
        breaks=lambda s: keep_faces(s, StorageMode.ON_DEVICE),
        leaves=FACE_STOPS,
        enrolment="on_device",  # no photo is taken in there at all
        erased=(AFTER_GRACE, "elsewhere"),
        mends=lambda s: keep_faces(s, StorageMode.PORTAL),
    ),
]
