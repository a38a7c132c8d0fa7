"""What follows by itself: for each rule the fact that breaks it, what stops, what goes, and what mending brings back.

Only what a service sends is done after it, and the sweeps come by only where a day has passed.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from recognition.matching.answers import MATCHED
from recognition.vault.models import FaceTemplate
from tenants.clearance import consequences, evidence, jobs
from tenants.clearance.checks import Severity
from tenants.clearance.rules import ALL
from tenants.organizations import changes
from tenants.organizations.services.properties import stop_faces
from tenants.people import changes as people_changes
from tenants.people.kinds import FaceState
from tenants.people.services import persons
from tenants.premises.kinds import DeviceState, SuspensionReason, ZoneKind
from tenants.premises.services import devices
from tenants.rights.models import Erasure
from tenants.rights.services.withdrawals import withdraw
from tenants.transparency.services import notices
from tests import factories
from tests.roles import database_role
from tests.tenants.clearance.clock import Clock
from tests.tenants.clearance.scene import BEGINS, Scene
from tests.tenants.clearance.table import ROWS
from tests.tenants.clearance.table.begins import is_used_again
from tests.tenants.clearance.table.row import NOTHING_STOPS, Row
from tests.tenants.clearance.workers import workers_at_hand

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
RULES = {rule.code: rule for rule in ALL}


@pytest.fixture
def scene(db: None) -> Iterator[Scene]:
    with Clock(BEGINS) as clock, workers_at_hand():
        found = Scene(clock)
        assert found.uses == (True, True)
        assert found.broken() == {}
        assert found.knocks().rule == MATCHED
        yield found


def comes_about(scene: Scene, row: Row) -> None:
    """The fact of the row, and what follows it."""
    scene.does(lambda: row.breaks(scene), workers=row.workers)
    if row.by == "service":
        return
    # Before anything has followed a door asks the gate itself.
    assert not scene.knocks().allowed
    scene.judged()


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_fact_stops_what_it_concerns_and_mending_starts_it_again(scene: Scene, row: Row) -> None:
    if row.begins:
        scene.does(lambda: row.begins(scene))
        assert scene.uses == (True, True)
    comes_about(scene, row)
    assert scene.broken()[row.code].article == row.article
    assert scene.uses == row.leaves
    assert scene.knocks().allowed == (row.leaves == NOTHING_STOPS)
    refused = scene.enrolment_refused()
    assert row.enrolment in refused if row.enrolment else refused == set()
    if not row.leaves[0]:
        assert scene.activation_refused() & {row.code, "assessment_stale"}
    what_goes(scene, row)
    scene.does(lambda: row.mends(scene))
    if row.by == "sweep" or row.code == "contract_over":
        scene.judged()
    assert row.code not in scene.broken()
    if not row.returns:
        assert scene.uses != (True, True)
        is_used_again(scene)
    assert scene.uses == (True, True), scene.broken()
    assert scene.knocks().rule == MATCHED


def what_goes(scene: Scene, row: Row) -> None:
    """A face that stands still goes when nobody mends it in time, or stays; the day before it is still there."""
    if scene.person.face_state != FaceState.SUSPENDED:
        assert row.erased is None
        return
    days, reason = row.erased or (60, "")
    if days:
        with scene.what_if():
            scene.days_pass(days - 1)
            assert scene.person.face_state == FaceState.SUSPENDED
    if not row.erased:
        return
    with scene.what_if():
        scene.days_pass(days)
        assert scene.person.face_state == FaceState.ERASED
        assert Erasure.objects.get(person=scene.person).reason == reason
        with database_role("recognition"):
            assert not FaceTemplate.objects.filter(person=scene.person, key__destroyed_at__isnull=True).exists()


def test_every_rule_has_its_row() -> None:
    assert sorted(row.code for row in ROWS) == sorted(RULES)
    assert {row.code: row.article for row in ROWS} == {code: rule.article for code, rule in RULES.items()}


def test_what_blocks_stops_something_and_what_is_due_stops_nothing() -> None:
    due = {row.code for row in ROWS if row.leaves == NOTHING_STOPS}
    assert due == {code for code, rule in RULES.items() if rule.severity == Severity.DUE}


BY_LISTENING = ["faces_stopped", "other_way_costs", "no_security_need", "assessment_stale", "restricted", "under_14"]


@pytest.mark.parametrize("row", [row for row in ROWS if row.code in BY_LISTENING], ids=str)
def test_where_nobody_listens_nothing_follows(scene: Scene, row: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    """So what the table shows is what the gate does, and not what its test does. A door asks the gate all the same."""
    if row.begins:
        scene.does(lambda: row.begins(scene))
    monkeypatch.setattr(changes, "_listeners", [])
    monkeypatch.setattr(people_changes, "_listeners", [])
    comes_about(scene, row)
    assert scene.uses == (True, True)
    assert not scene.knocks().allowed


def test_a_private_place_and_a_lost_way_are_named_as_the_reason(scene: Scene) -> None:
    reasons = {"private_place": SuspensionReason.PRIVATE_PLACE, "face_only": SuspensionReason.NO_ALTERNATIVE}
    for row in ROWS:
        if row.code in {*reasons, "other_way_costs", "no_capture_area"}:
            with scene.what_if():
                comes_about(scene, row)
                default = "no_alternative" if row.code.startswith("other_way") else "not_cleared"
                assert scene.device.suspended_for == reasons.get(row.code, default)


def test_what_a_member_stopped_a_member_starts(scene: Scene) -> None:
    scene.does(lambda: devices.suspend(tenant=scene.tenant, device=scene.device))
    scene.days_pass(1)
    assert (scene.device.state, scene.device.suspended_for) == (DeviceState.SUSPENDED, SuspensionReason.MANUAL)
    scene.does(scene.activates)
    assert scene.uses == (True, True)


def test_an_erased_face_does_not_come_back_by_itself(scene: Scene) -> None:
    scene.does(lambda: withdraw(visit=factories.make_visit(scene.tenant, scene.person)))
    scene.does(scene.answers)
    scene.days_pass(1)
    assert scene.person.face_state == FaceState.CONSENTED
    assert not scene.knocks().allowed


def test_of_two_reasons_both_have_to_go(scene: Scene) -> None:
    scene.does(lambda: persons.restrict(tenant=scene.tenant, person=scene.person))
    scene.does(lambda: scene.publishes(retention_zh="三十天之后删除"))
    scene.does(scene.answers)
    assert scene.person.face_state == FaceState.SUSPENDED
    scene.does(lambda: persons.lift_restriction(tenant=scene.tenant, person=scene.person))
    assert scene.person.face_state == FaceState.ENROLLED


def test_a_past_day_is_told_as_it_was(scene: Scene) -> None:
    scene.days_pass(1)
    scene.does(lambda: scene.relabels(ZoneKind.TOILET))
    days = [scene.clock.today - timedelta(days=back) for back in (2, 1, 0)]
    told = [[row.blockers for row in evidence.on_day(subject=scene.device, day=day)] for day in days]
    assert told[:2] == [[], [[]]]
    assert told[2][0] == [] and "private_place" in told[2][-1]


def test_a_version_that_waited_stops_the_faces_on_its_day(scene: Scene) -> None:
    """Nobody acts on that day: the daily judgement alone sees that the notice is another."""

    def publish() -> None:
        draft = notices.start_draft(tenant=scene.tenant, actor=scene.actor)
        draft = notices.edit(tenant=scene.tenant, notice=draft, retention_zh="三十天之后删除")
        tomorrow = timezone.localdate() + timedelta(days=1)
        notices.publish(tenant=scene.tenant, notice=draft, actor=scene.actor, effective_on=tomorrow)

    scene.does(publish)
    assert scene.uses == (True, True)
    scene.days_pass(1)
    assert scene.uses == (True, False)
    assert "consent_recognition_stale" in scene.broken()


def test_judging_costs_the_same_for_one_device_and_for_many(scene: Scene) -> None:
    tenant = scene.tenant
    with CaptureQueriesContext(connection) as few:
        consequences.follow_devices(tenant=tenant)
    for _number in range(5):
        factories.make_active_device(tenant)
    with CaptureQueriesContext(connection) as many:
        consequences.follow_devices(tenant=tenant)
    selects = [[query for query in asked if query["sql"].startswith("SELECT")] for asked in (few, many)]
    assert len(selects[0]) == len(selects[1]) == 2


def test_each_property_is_judged_once_a_day_and_again_when_its_facts_changed(scene: Scene) -> None:
    assert [jobs.judge(), jobs.judge()] == [1, 0]
    with transaction.atomic():
        stop_faces(tenant=scene.tenant, reason="法院裁定")
    assert [jobs.judge(), jobs.judge()] == [1, 0]
    scene.clock.passes(days=1)
    assert [jobs.judge(), jobs.judge()] == [1, 0]
