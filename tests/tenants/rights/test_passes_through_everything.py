"""A person's right to pass never depends on a face (Measures Art 10; PIPL 16; regulation.md §7, invariant 3).

Random histories of everything that can happen around a face; before and after every step the person's
card, PIN and code, and the card of a child, are held before two doors, and answer the same.

One exception, and the last test shows it: an answered deletion of the whole record takes the passes with it. The
person asked for it, both the form and the answer say so before, and without the record nobody could say whose they
are or stop them when they are lost (PIPL 47). A recorded death is in no history: it is no answer about a face, and
what becomes of the passes of somebody who died is for the family and the desk.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenants.clearance import consequences
from tenants.clearance.services import activate_device
from tenants.organizations.models import Property
from tenants.organizations.services.properties import release_faces, stop_faces, update_property
from tenants.people import codes
from tenants.people.kinds import ConsentDecision, ConsentPurpose, FaceState
from tenants.people.models import Pass, Person
from tenants.people.rules.consents import required_purposes
from tenants.people.services import passes
from tenants.people.services.guardians import end_guardian
from tenants.people.services.links import GuardianVisit, Visit, open_link
from tenants.people.services.passing import PassAnswer, check
from tenants.people.services.persons import lift_restriction, move_face, restrict
from tenants.premises.kinds import DeviceState, MethodKind
from tenants.premises.models import Device
from tenants.premises.services import devices
from tenants.rights import jobs
from tenants.rights.kinds import ErasureReason, ErasureScope, RequestKind
from tenants.rights.models import Erasure, RightsRequest
from tenants.rights.services import answering, identity, requests
from tenants.rights.services.erasures import order_erasure
from tenants.rights.services.withdrawals import answer, answer_on_paper, withdraw
from tenants.transparency.models import Notice
from tests import factories
from tests.roles import database_role

START = datetime(2026, 3, 2, 4, tzinfo=UTC)
METHODS = (MethodKind.FACE, MethodKind.CARD, MethodKind.PIN, MethodKind.QR)


@dataclass
class Stage:
    """One person with every kind of pass, before two doors of which one is not theirs; and a child with a card."""

    tenant: Property
    person: Person
    visit: Visit
    doors: list[Device]
    pin: str
    mother: GuardianVisit
    at: datetime = START

    def answers(self) -> list[PassAnswer]:
        """Hold every pass before every door, each time with the code of a later half minute."""
        number = Pass.objects.get(kind="pin").pass_number
        qr = Pass.objects.get(kind="qr")
        cache.clear()  # as after the quarter of an hour in which wrong PINs are counted
        said = []
        for door in Device.objects.filter(tenant=self.tenant).order_by("created_at"):
            self.at += timedelta(seconds=30)
            text = codes.qr_text(qr.pk, codes.totp(qr.pk, qr.generation).at(self.at))
            said += [
                check(device=door, kind="card", card="0004567890AB", now=self.at),
                check(device=door, kind="card", card="000STOPPED", now=self.at),
                check(device=door, kind="card", card="0004CHILD1", now=self.at),
                check(device=door, kind="pin", number=number, pin=self.pin, now=self.at),
                check(device=door, kind="pin", number="000000", pin=self.pin, now=self.at),
                check(device=door, kind="qr", qr=text, now=self.at),
                check(device=door, kind="qr", qr=text, now=self.at),
            ]
        return said


def stage() -> Stage:
    tenant = factories.make_property()
    factories.make_lawful(tenant)
    person = factories.make_person(tenant)
    own, other = (factories.make_device(tenant, factories.make_door(tenant, methods=METHODS))[0] for _door in "ab")
    doors = [own.access_point]
    passes.issue_card(tenant=tenant, person=person, number="0004567890AB", doors=doors)
    passes.stop(tenant=tenant, pass_=passes.issue_card(tenant=tenant, person=person, number="000STOPPED"))
    _record, pin = passes.issue_pin(tenant=tenant, person=person)
    passes.issue_qr(tenant=tenant, person=person, doors=doors)
    visit = open_link(tenant=tenant, token=factories.make_link(tenant, person))
    tenant = factories.allow_children(tenant)
    mother = factories.make_guardian_visit(factories.make_guardian(tenant))
    passes.issue_card(tenant=tenant, person=mother.person, number="0004CHILD1", doors=doors)
    return Stage(tenant, person, visit, [own, other], pin, mother)


def say(decision: ConsentDecision, *, for_child: bool = False) -> Callable[[Stage], None]:
    def answer_everything(s: Stage) -> None:
        notice, visit = Notice.objects.filter(tenant=s.tenant).current(), s.mother if for_child else s.visit
        for purpose in required_purposes(Property.objects.get(pk=s.tenant.pk).storage_mode):
            answer(visit=visit, purpose=purpose, decision=decision, notice=notice, language="zh-hans")

    return answer_everything


def sign(decision: ConsentDecision) -> Callable[[Stage], None]:
    """A signed sheet handed in at the desk."""

    def hand_in(s: Stage) -> None:
        answer_on_paper(
            tenant=s.tenant,
            person=s.person,
            purpose=ConsentPurpose.RECOGNITION,
            decision=decision,
            notice=Notice.objects.filter(tenant=s.tenant).current(),
            assisted_by=factories.somebody_of(s.tenant),
            was_read_aloud=True,
            scan=factories.make_scan(),
            signed_on=timezone.localdate(),
        )

    return hand_in


def ask_for(kind: RequestKind, *, close: Callable[..., object] | None = None, message: str = "") -> Callable:
    def receive(s: Stage) -> None:
        request, _code = requests.receive(
            tenant=s.tenant, kind=kind, name="李阿姨", contact="13800138000", message=message
        )
        actor = factories.somebody_of(s.tenant)
        identity.prove_in_person(tenant=s.tenant, request=request, person=s.person, actor=actor)
        if close:
            close(tenant=s.tenant, request=RightsRequest.objects.get(pk=request.pk), text="说明", actor=actor)

    return receive


def enrol(s: Stage) -> None:
    for state in (FaceState.CAPTURED, FaceState.ENROLLED):
        move_face(person=Person.objects.get(pk=s.person.pk), target=state)


def suspend_face(s: Stage) -> None:
    move_face(person=Person.objects.get(pk=s.person.pk), target=FaceState.SUSPENDED)


def erase_face(s: Stage) -> None:
    """All the way: the order, and both workers."""
    order_erasure(tenant=s.tenant, person=s.person, reason=ErasureReason.REQUESTED, scope=ErasureScope.FACE)
    for erasure in Erasure.objects.filter(person=s.person, completed_at__isnull=True):
        jobs.erase(tenant_id=s.tenant.pk, erasure_id=erasure.pk, runs_as="web")
        with database_role("recognition"):
            jobs.erase(tenant_id=s.tenant.pk, erasure_id=erasure.pk, runs_as="recognition")


def of_devices(change: Callable[..., object]) -> Callable[[Stage], None]:
    def each(s: Stage) -> None:
        for device in Device.objects.filter(tenant=s.tenant).exclude(state=DeviceState.RETIRED):
            change(tenant=s.tenant, device=device)

    return each


STEPS: dict[str, Callable[[Stage], object]] = {
    "agrees": say(ConsentDecision.AGREE),
    "declines": say(ConsentDecision.DECLINE),
    "withdraws": lambda s: withdraw(visit=s.visit),
    "a new notice, ask again": lambda s: factories.make_notice(s.tenant, retention_zh=f"{s.at.minute}天之后删除"),
    "a new notice, same words": lambda s: factories.make_notice(s.tenant),
    "asks for access": ask_for(RequestKind.ACCESS, close=answering.answer),
    "a complaint": ask_for(RequestKind.ACCESS, message="投诉：门禁太慢，物业费不交了"),
    "asks to restrict": ask_for(RequestKind.RESTRICT, close=answering.answer),
    "deletion refused": ask_for(
        RequestKind.DELETE, close=partial(answering.refuse, code="not_entitled", article="PIPL 47")
    ),
    "deletion under way": ask_for(RequestKind.DELETE),
    "enrolled": enrol,
    "face suspended": suspend_face,
    "face erased": erase_face,
    "devices active": of_devices(activate_device),
    "devices suspended": of_devices(devices.suspend),
    "kept on devices": lambda s: update_property(tenant=s.tenant, storage_mode="on_device"),
    "kept in the portal": lambda s: update_property(tenant=s.tenant, storage_mode="portal"),
    "invited to answer": lambda s: factories.invite(s.tenant, s.person),
    "restricted": lambda s: restrict(tenant=s.tenant, person=s.person),
    "restriction lifted": lambda s: lift_restriction(tenant=s.tenant, person=s.person),
    "signs a yes": sign(ConsentDecision.AGREE),
    "signs a no": sign(ConsentDecision.DECLINE),
    "guardian agrees": say(ConsentDecision.AGREE, for_child=True),
    "guardian declines": say(ConsentDecision.DECLINE, for_child=True),
    "guardian withdraws": lambda s: withdraw(visit=s.mother),
    "guardianship ended": lambda s: end_guardian(tenant=s.tenant, guardian=s.mother.guardian),
    "children's faces off": lambda s: update_property(tenant=s.tenant, allows_under_14=False),
    "every face stopped": lambda s: stop_faces(tenant=s.tenant, reason="法院的决定"),
    "faces released": lambda s: release_faces(tenant=s.tenant),
    "the gate judges people": lambda s: consequences.follow_people(tenant=s.tenant),
    "the gate judges devices": lambda s: consequences.follow_devices(tenant=s.tenant),
    "a new link": lambda s: factories.make_link(s.tenant, s.person),
}


def play(s: Stage, step: str) -> bool:
    """Take one step; a step that the rules refuse is a step too. Say whether it was taken."""
    with suppress(ValidationError), transaction.atomic():
        STEPS[step](s)
        return True
    return False


@pytest.mark.django_db
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=8))
def test_a_pass_answers_the_same_before_and_after_everything(history: list[str]) -> None:
    with transaction.atomic():
        s = stage()
        before = s.answers()
        assert {said.rule for said in before} >= {"pass_allowed", "pass_stopped", "pass_other_door", "pass_used_code"}
        for step in history:
            play(s, step)
            assert s.answers() == before, f"after “{step}”"
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_whole_life_of_a_face_leaves_the_passes_alone() -> None:
    """One history in which every step is really taken, so that the random ones are known to be able to bite."""
    s = stage()
    before = s.answers()
    life = ["devices active", "invited to answer", "signs a yes", "agrees", "enrolled", "restricted",
            "restriction lifted", "asks for access", "deletion refused", "a complaint", "face suspended",
            "devices suspended", "withdraws", "face erased", "a new notice, same words", "declines",
            "kept on devices", "a new notice, ask again", "agrees", "a new link", "guardian agrees",
            "every face stopped", "the gate judges people", "the gate judges devices", "faces released",
            "guardian withdraws", "guardian declines", "children's faces off", "guardianship ended",
            "signs a no"]  # fmt: skip
    for step in life:
        assert play(s, step), step
        assert s.answers() == before, f"after “{step}”"


@pytest.mark.django_db
def test_only_the_erasure_of_the_whole_record_takes_the_passes() -> None:
    s = stage()
    erasure = order_erasure(tenant=s.tenant, person=s.person, reason=ErasureReason.REQUESTED, scope=ErasureScope.PERSON)
    jobs.erase(tenant_id=s.tenant.pk, erasure_id=erasure.pk, runs_as="web")
    assert not Pass.objects.filter(person=s.person).exists()
    assert check(device=s.doors[0], kind="card", card="0004567890AB").rule == "pass_unknown_card"
    assert check(device=s.doors[0], kind="card", card="0004CHILD1").allowed
