"""What the law and the person ask, said a second time: plainly, from the rows, and through none of the gate's rules.

Each function returns why a face may not be used, in words of this file; nothing means that it may.
"""

from datetime import timedelta

from tenants.people.models import Person
from tenants.premises.models import AccessMethod, Device, Zone
from tests.tenants.clearance.histories.answers import faults_of_the_yes, guardians_of, is_child, notice_in_force, those
from tests.tenants.clearance.histories.rows import Rows

PRIVATE = {
    "hotel_room",
    "private_dining_room",
    "bath",
    "toilet",
    "changing_room",
    "nursing_room",
    "fitting_room",
    "dormitory_room",
    "treatment_room",
}
YEAR = timedelta(days=365)


def of_the_property(rows: Rows) -> list[str]:
    handler, notice, assessment = rows.handler, notice_in_force(rows), rows.assessment
    signed, ends = handler.contract_signed_on, handler.contract_ends_on
    return those(
        stopped=rows.tenant.faces_stopped_at is not None,
        no_contact=not handler.contact_name.strip() and not handler.contact_phone.strip(),
        no_contract=signed is None or signed > rows.today,
        contract_over=ends is not None and ends < rows.today,
        no_notice=notice is None,
        notice_of_other_storage=notice is not None and notice.storage_mode != rows.tenant.storage_mode,
        no_assessment=assessment is None,
        assessment_stale=assessment is not None and assessment.stale_since is not None,
        incident=assessment is not None and bool(assessment.incidents),
    )


def of_the_device(rows: Rows, device: Device) -> list[str]:
    """What its place, its door and the device itself lack. Whether it is switched on is another question."""
    scope = rows.assessment.scope if rows.assessment else {}
    generation = f"{device.algorithm} {device.algorithm_version.split('.')[0]}".strip()
    place, sign, face = device.access_point.zone, device.sign_photo_on, face_way(rows, device)
    return those(
        private_place=bool(PRIVATE & set(kinds_around(place))),
        face_alone=not other_ways(rows, device),
        no_convenient_way=not convenient_ways(rows, device),
        face_not_listed=face is None,
        face_out_of_order=face is not None and not face.is_live,
        vendor_not_assessed=device.vendor not in scope.get("vendors", ()),
        mode_not_assessed=device.mode not in scope.get("modes", ()),
        purpose_not_assessed=device.purpose not in scope.get("purposes", ()),
        algorithm_not_assessed=generation not in scope.get("algorithms", ()),
        place_not_assessed=place.kind not in scope.get("place_kinds", ()),
        storage_not_assessed=rows.tenant.storage_mode != scope.get("storage_mode"),
        capture_area=not device.capture_area.strip(),
        security_need=not device.security_need.strip(),
        no_sign=sign is None,
        sign_old=sign is not None and sign + YEAR < rows.today,
        passersby=device.mode == "identify" and device.passersby not in {"button", "approach"},
    )


def of_the_person(rows: Rows, person: Person) -> list[str]:
    """What the person, or who answers for a child, does not want, and what has ended."""
    child, notice = is_child(rows, person), notice_in_force(rows)
    last = person.face_enrolled_on and person.face_enrolled_on + timedelta(days=rows.tenant.face_days)
    purposes = ["recognition", "transmission"] if rows.tenant.storage_mode == "portal" else ["recognition"]
    return those(
        erasing=person.face_state in {"erasing", "erased"},
        record_erased=person.erased_at is not None,
        dead=person.died_on is not None,
        restricted=person.restricted_at is not None,
        stay_over=person.stay_ends_on is not None and person.stay_ends_on < rows.today,
        retention_over=last is not None and last < rows.today,
        children_not_allowed=child and not rows.tenant.allows_under_14,
        no_rules_for_children=child and not (notice and notice.allows_under_14 and notice.minors_zh.strip()),
        no_guardian=child and not guardians_of(rows, person),
    ) + [f"{purpose} {fault}" for purpose in purposes for fault in faults_of_the_yes(rows, person, purpose)]


def kinds_around(zone: Zone) -> list[str]:
    """Its own kind and those of the places it lies in."""
    return [zone.kind, *(kinds_around(zone.parent) if zone.parent else [])]


def face_way(rows: Rows, device: Device) -> AccessMethod | None:
    ways = [way for way in rows.ways if way.access_point_id == device.access_point_id and way.kind == "face"]
    return ways[0] if ways else None


def other_ways(rows: Rows, device: Device) -> list[AccessMethod]:
    """The ways to pass its door without a face that work today."""
    here = [way for way in rows.ways if way.access_point_id == device.access_point_id]
    return [way for way in here if way.is_live and way.kind != "face"]


def convenient_ways(rows: Rows, device: Device) -> list[AccessMethod]:
    """Those that are here, cost nothing, ask for no more papers, and are open whenever the face is."""
    face = minutes_of(face_way(rows, device))
    ways = [way for way in other_ways(rows, device) if not (way.fee or way.distance_m or way.extra_papers)]
    return [way for way in ways if face <= minutes_of(way)]


def minutes_of(way: AccessMethod | None) -> set[int]:
    """The minutes of the day in which a way is open. Hours past midnight wrap."""
    if way is None or way.opens_at is None or way.closes_at is None:
        return set(range(1440))
    opens, closes = (moment.hour * 60 + moment.minute for moment in (way.opens_at, way.closes_at))
    return {(opens + minute) % 1440 for minute in range((closes - opens) % 1440)}


def face_is_open(rows: Rows, device: Device) -> bool:
    way = face_way(rows, device)
    return way is not None and rows.time.hour * 60 + rows.time.minute in minutes_of(way)
