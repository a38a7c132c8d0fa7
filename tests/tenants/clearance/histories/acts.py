"""Each thing that can go wrong, done alone: what is done, and why no face may be used afterwards in words of law.py."""

from collections.abc import Callable
from datetime import time
from decimal import Decimal
from typing import Any

from tenants.organizations.kinds import StorageMode
from tenants.people.kinds import ConsentDecision
from tenants.premises.kinds import DeviceMode, MethodKind, ZoneKind

FACE, CARD = MethodKind.FACE, MethodKind.CARD
ALL_DAY, MORNING, NIGHT = (None, None), (time(8), time(12)), (time(22), time(6))
NO = ConsentDecision.DECLINE

# The machine of test_histories.py, whose rules these are.
Act = Callable[[Any], object]


def ways(*kinds: MethodKind, hours: tuple[time | None, time | None] = ALL_DAY, **terms: object) -> Act:
    return lambda m: m.change_the_ways(kinds=set(kinds), terms=terms, hours=hours)


def device(number: int = 0, **facts: object) -> Act:
    return lambda m: m.write_about_a_device(number=number, facts=facts)


def a_sign_grows_old(m: Any) -> None:
    m.register_another_device(mode=DeviceMode.VERIFY, sign_days_ago=364)
    m.switch_a_device_on(number=2)
    m.days_pass(days=2, sweep_comes=False)


def a_face_is_kept_too_long(m: Any) -> None:
    m.keep_faces_for(days=1)
    m.days_pass(days=2, sweep_comes=False)


def a_notice_comes_into_force(m: Any) -> None:
    m.publish_a_notice(purpose="用途甲", days_ahead=1)
    m.a_day_passes_unnoticed()


def the_broker_loses_a_restriction(m: Any) -> None:
    m.restrict_or_lift(who=0, restricts=True)
    m.queue.lose()


ACTS: list[tuple[str, Act]] = [
    ("private place", lambda m: m.relabel_a_place(number=0, kind=ZoneKind.TOILET)),
    ("private place", lambda m: m.relabel_a_place(number=1, kind=ZoneKind.HOTEL_ROOM)),
    ("private place", lambda m: m.move_the_hall(into_the_bath=True)),
    ("private place", lambda m: m.move_the_door(number=2)),
    ("face alone", ways(FACE)),
    ("face alone", lambda m: m.report_a_way_broken_or_repaired(number=0, is_live=False)),
    ("face out of order", lambda m: m.report_a_way_broken_or_repaired(number=1, is_live=False)),
    ("face not listed", ways(CARD)),
    ("no convenient way", ways(FACE, CARD, fee=Decimal(5))),
    ("no convenient way", ways(FACE, CARD, distance_m=80)),
    ("no convenient way", ways(FACE, CARD, extra_papers=True)),
    ("no convenient way", ways(FACE, CARD, hours=MORNING)),
    ("closed to faces now", lambda m: m.set_the_hours_of_the_face(hours=NIGHT, also_the_others=False)),
    ("vendor not assessed", device(vendor="另一家")),
    ("algorithm not assessed", device(algorithm_version="9.0")),
    ("assessment stale", device(1, vendor="另一家")),
    ("capture area", device(capture_area="")),
    ("security need", device(security_need=" ")),
    ("passersby", device(1, passersby="")),
    ("sign old", a_sign_grows_old),
    ("notice of other storage", lambda m: m.store_faces_elsewhere(mode=StorageMode.ON_DEVICE)),
    ("stopped", lambda m: m.stop_or_release_all_faces(stopped=True)),
    ("no contract", lambda m: m.write_the_contract(signed=None, ends=None)),
    ("no contract", lambda m: m.write_the_contract(signed=1, ends=None)),
    ("contract over", lambda m: m.write_the_contract(signed=-500, ends=-1)),
    ("no contact", lambda m: m.write_the_contact(contact=" ")),
    ("incident", lambda m: m.have_an_incident()),
    ("recognition of another notice", lambda m: m.publish_a_notice(purpose="用途甲", days_ahead=0)),
    ("recognition not asked again", a_notice_comes_into_force),
    ("recognition withdrawn", lambda m: m.withdraw_by_link(who=0)),
    ("transmission declined", lambda m: m.answer_on_a_sheet(who=0, decision=NO, days_ago=0)),
    ("recognition expired", lambda m: m.days_pass(days=181, sweep_comes=False)),
    ("restricted", lambda m: m.restrict_or_lift(who=0, restricts=True)),
    ("restricted", the_broker_loses_a_restriction),
    ("dead", lambda m: m.record_or_correct_a_death(who=0, has_died=True)),
    ("stay over", lambda m: m.write_the_end_of_the_stay(who=0, days=-1)),
    ("retention over", a_face_is_kept_too_long),
    ("no guardian", lambda m: m.correct_an_age(who=0, years=13, days=25)),
]
