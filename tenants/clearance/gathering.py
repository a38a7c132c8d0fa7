"""Gather the facts of the gate: one query for a device or a list of devices, one for a person or a list of persons.

Nothing is cached, so nothing can be forgotten when it changes: a match asks the database as it is.
"""

import uuid
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from tenants.clearance.facts import DeviceFacts, PersonFacts, SiteFacts
from tenants.organizations.models import Property
from tenants.people.kinds import ConsentPurpose, ConsentStatus, FaceState
from tenants.people.models import Consent, Guardian, Person
from tenants.people.rules.ages import band_on
from tenants.people.rules.consents import Answer, consent_status, face_ends_on, required_purposes
from tenants.premises.kinds import MethodKind
from tenants.premises.models import AccessMethod, Device, Zone
from tenants.premises.rules import Terms, convenient_methods, inconveniences, is_open, test_faults
from tenants.transparency.models import Assessment, AssessmentState, Notice, NoticeState
from tenants.transparency.rules.assessments import covers
from tenants.transparency.rules.versions import Version, in_force, oldest_valid
from tenants.transparency.services.scopes import facts_of


@lru_cache(maxsize=1024)
def _site_rows(tenant_id: uuid.UUID) -> dict[str, Any]:
    """The published notices and the latest signed assessment of a property, as columns of any query.

    Kept, because building the expressions costs a door as much as asking the database; they hold no row.
    """
    published = Notice.objects.filter(tenant_id=tenant_id, state=NoticeState.PUBLISHED).order_by("version")
    signed = Assessment.objects.filter(tenant_id=tenant_id, state=AssessmentState.SIGNED).order_by("-version")
    return {
        "notice_rows": ArraySubquery(
            published.values(
                row=JSONObject(
                    version="version",
                    published_at="published_at",
                    effective_on="effective_on",
                    asks_again="needs_new_consent",
                    storage_mode="storage_mode",
                    allows_under_14="allows_under_14",
                )
            )
        ),
        "assessment_row": Subquery(
            signed.values(row=JSONObject(version="version", scope="scope", stale_since="stale_since"))[:1]
        ),
    }


def _versions(row: Any) -> list[Version]:
    return [
        Version(
            notice["version"],
            published_on=timezone.localdate(_moment(notice["published_at"])),
            effective_on=date.fromisoformat(notice["effective_on"]),
            asks_again=notice["asks_again"],
        )
        for notice in row.notice_rows
    ]


def _notice_in_force(row: Any, today: date) -> dict[str, Any]:
    number = in_force(_versions(row), on=today)
    return next((notice for notice in row.notice_rows if notice["version"] == number), {})


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def site_facts(tenant: Property, row: Any, *, today: date) -> SiteFacts:
    """Read a property's facts from a row that carries `_site_rows`; the property with its handler loaded."""
    notice, assessment = _notice_in_force(row, today), row.assessment_row or {}
    stale = _moment(assessment["stale_since"]) if assessment.get("stale_since") else None
    handler = tenant.handler
    return SiteFacts(
        today=today,
        storage_mode=tenant.storage_mode,
        handler_contact=f"{handler.contact_name} {handler.contact_phone}",
        contract_signed_on=handler.contract_signed_on,
        contract_ends_on=handler.contract_ends_on,
        is_stopped=tenant.faces_stopped_at is not None,
        notice_version=notice.get("version"),
        notice_storage_mode=notice.get("storage_mode"),
        assessment_version=assessment.get("version"),
        assessment_stale_since=timezone.localdate(stale) if stale else None,
    )


def site_of(tenant: Property, *, today: date | None = None) -> SiteFacts:
    """Return one property's facts. One query."""
    today = today or timezone.localdate()
    row = Property.objects.filter(pk=tenant.pk).select_related("handler").annotate(**_site_rows(tenant.pk)).get()
    return site_facts(row, row, today=today)


def devices_with_facts(devices: QuerySet[Device], *, tenant_id: uuid.UUID) -> QuerySet[Device]:
    """Load with each device everything that the rules look at."""
    return devices.select_related("tenant__handler", f"access_point__zone__{Zone.CHAIN}").annotate(
        **_method_rows(), **_site_rows(tenant_id)
    )


@cache
def _method_rows() -> dict[str, Any]:
    """The ways in at a device's door."""
    methods = AccessMethod.objects.filter(access_point=OuterRef("access_point")).values(
        row=JSONObject(
            kind="kind",
            is_live="is_live",
            opens_at="opens_at",
            closes_at="closes_at",
            fee="fee",
            steps="steps",
            distance_m="distance_m",
            extra_papers="extra_papers",
        )
    )
    return {"method_rows": ArraySubquery(methods)}


def device_facts(device: Device, *, today: date) -> DeviceFacts:
    """Read one device's facts from a row of `devices_with_facts`."""
    row: Any = device
    site = site_facts(device.tenant, row, today=today)
    terms = [_terms(method) for method in row.method_rows]
    face = _face(terms)
    others = [
        term for term in terms if term.kind in MethodKind.values and term.kind != MethodKind.FACE and term.is_live
    ]
    return DeviceFacts(
        site=site,
        zone_kinds=device.access_point.zone.kinds,
        has_face_method=face is not None,
        face_works=face is not None and face.is_live,
        other_ways=tuple(term.kind for term in others),
        inconveniences=_of_the_best(face, others, terms),
        mode=device.mode,
        passersby=device.passersby,
        capture_area=device.capture_area,
        security_need=device.security_need,
        sign_photo_on=device.sign_photo_on,
        test_faults=test_faults(
            device.mode, device.false_accept_percent, device.false_reject_percent, device.attack_success_percent
        ),
        not_assessed=_not_assessed(device, row.assessment_row),
    )


def takes_faces_at(device: Device, at: time) -> bool:
    """Say whether the door of a row of `devices_with_facts` is open to faces at a time of the Beijing day. No query."""
    row: Any = device
    face = _face([_terms(method) for method in row.method_rows])
    return face is not None and is_open(at, opens_at=face.opens_at, closes_at=face.closes_at)


def _face(terms: list[Terms]) -> Terms | None:
    return next((term for term in terms if term.kind == MethodKind.FACE), None)


def _terms(row: dict[str, Any]) -> Terms:
    def hour(text: str | None) -> time | None:
        return time.fromisoformat(text) if text else None

    return Terms(
        kind=row["kind"],
        opens_at=hour(row["opens_at"]),
        closes_at=hour(row["closes_at"]),
        fee=Decimal(str(row["fee"])),
        steps=row["steps"],
        distance_m=row["distance_m"],
        extra_papers=row["extra_papers"],
        is_live=row["is_live"],
    )


def _of_the_best(face: Terms | None, others: list[Terms], terms: list[Terms]) -> tuple[str, ...]:
    """Return what is wrong with the other way that has least wrong; nothing when there is none to compare."""
    if face is None or not others:
        return ()
    convenient = convenient_methods(terms)
    best = [other for other in others if other.kind in convenient] or others
    return tuple(str(code) for code in min((inconveniences(face, other) for other in best), key=len))


def _not_assessed(device: Device, row: dict[str, Any] | None) -> tuple[str, ...]:
    if not row:
        return ()
    coverage = Assessment(scope=row["scope"]).coverage
    return covers(coverage, **facts_of(device), storage_mode=device.tenant.storage_mode)


def people_with_facts(people: QuerySet[Person], *, tenant_id: uuid.UUID) -> QuerySet[Person]:
    """Load with each person everything that the rules look at."""
    return with_answers(people.select_related("tenant__handler")).annotate(**_site_rows(tenant_id))


def with_answers(people: QuerySet[Person]) -> QuerySet[Person]:
    """Load with each person what they answered; their property's facts come with something else."""
    return people.annotate(**_answer_rows())


@cache
def _answer_rows() -> dict[str, Any]:
    """What a person or their guardian answered, and whether there is a guardian."""
    answers = (
        Consent.objects.filter(person=OuterRef("pk"))
        .order_by("decided_at")
        .values(
            row=JSONObject(
                purpose="purpose",
                decision="decision",
                version="notice__version",
                decided_at="decided_at",
                withdrawn_at="withdrawn_at",
                withdrawn_by="withdrawn_by",
                ends_on="ends_on",
                given_by="given_by",
                guardian_ended_at="guardian__ended_at",
            )
        )
    )
    guardians = Guardian.objects.filter(child=OuterRef("pk"), ended_at__isnull=True)
    return {"consent_rows": ArraySubquery(answers), "has_guardian": Exists(guardians)}


def person_facts(person: Person, *, today: date, site: Any = None) -> PersonFacts:
    """Read one person's facts from a row of `people_with_facts`, or of `with_answers` and a row with `site`'s facts."""
    row: Any = person
    site = site or row
    band = band_on(person.age_band, person.age_band_until, today)
    oldest = oldest_valid(_versions(site), on=today)
    return PersonFacts(
        site=site_facts(person.tenant, site, today=today),
        age_band=band,
        allows_under_14=person.tenant.allows_under_14,
        notice_has_minors_rules=bool(_notice_in_force(site, today).get("allows_under_14")),
        has_guardian=row.has_guardian,
        consents=_statuses(person, row.consent_rows, oldest=oldest, band=band, today=today),
        face_stored=person.face_stored,
        stay_ends_on=person.stay_ends_on,
        retention_ends_on=face_ends_on(
            enrolled_on=person.face_enrolled_on, face_days=person.tenant.face_days, stay_ends_on=None
        ),
        is_restricted=person.restricted_at is not None,
        has_died=person.died_on is not None,
        is_erasing=person.face_state == FaceState.ERASING,
        is_erased=person.erased_at is not None,
    )


def _statuses(
    person: Person, rows: list[dict[str, Any]], *, oldest: int | None, band: str, today: date
) -> dict[ConsentPurpose, ConsentStatus]:
    """Judge the latest answer to each purpose that is asked here."""
    latest = {row["purpose"]: row for row in rows}
    return {
        purpose: consent_status(
            _answer(person, latest.get(purpose)), oldest_valid_version=oldest, today=today, band=band
        )
        for purpose in required_purposes(person.tenant.storage_mode)
    }


def _answer(person: Person, row: dict[str, Any] | None) -> Answer | None:
    if row is None:
        return None
    return Answer(
        decision=row["decision"],
        notice_version=row["version"],
        is_withdrawn=row["withdrawn_at"] is not None,
        is_over=person.face_ended_at is not None and _moment(row["decided_at"]) <= person.face_ended_at,
        ends_on=date.fromisoformat(row["ends_on"]) if row["ends_on"] else None,
        given_by=row["given_by"],
        is_guardianship_over=row["guardian_ended_at"] is not None,
        withdrawn_by=row["withdrawn_by"],
    )
