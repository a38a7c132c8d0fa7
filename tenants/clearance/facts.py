"""What the rules of the gate look at, gathered once. No rule reads the database or the clock itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tenants.people.kinds import ConsentPurpose, ConsentStatus


@dataclass(frozen=True)
class SiteFacts:
    """One property, its handler, its notice and its assessment, on one Beijing day."""

    today: date
    storage_mode: str
    handler_contact: str
    contract_signed_on: date | None
    contract_ends_on: date | None
    is_stopped: bool
    notice_version: int | None
    notice_storage_mode: str | None
    assessment_version: int | None
    assessment_stale_since: date | None


@dataclass(frozen=True)
class DeviceFacts:
    """One device at one door. `inconveniences` are those of the best other way that works (Measures Art 10)."""

    site: SiteFacts
    zone_kinds: tuple[str, ...]  # the zone's own kind first, then those of the zones around it
    has_face_method: bool
    face_works: bool
    other_ways: tuple[str, ...]
    inconveniences: tuple[str, ...]
    mode: str
    passersby: str
    capture_area: str
    security_need: str
    sign_photo_on: date | None
    test_faults: tuple[str, ...]
    not_assessed: tuple[str, ...]  # which of purpose, mode, vendor, algorithm, place, storage the assessment leaves out


@dataclass(frozen=True)
class PersonFacts:
    """One person and what they answered, on one Beijing day."""

    site: SiteFacts
    age_band: str
    allows_under_14: bool
    notice_has_minors_rules: bool
    has_guardian: bool
    consents: Mapping[ConsentPurpose, ConsentStatus]
    face_stored: str  # where a template is kept now, empty while there is none
    stay_ends_on: date | None
    retention_ends_on: date | None
    is_restricted: bool
    has_died: bool
    is_erasing: bool
    is_erased: bool
