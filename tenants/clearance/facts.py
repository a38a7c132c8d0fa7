"""What the rules of the gate look at, gathered once. No rule reads the database itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tenants.people.kinds import ConsentPurpose, ConsentStatus


@dataclass(frozen=True)
class DeviceFacts:
    """One device, its door and its property, as they are now."""

    zone_name: str
    zone_kind: str
    has_face_method: bool
    live_methods: tuple[str, ...]
    notice_version: int | None
    notice_storage_mode: str | None
    storage_mode: str
    handler_contact: str


@dataclass(frozen=True)
class PersonFacts:
    """One person and what they answered, as they are now."""

    age_band: str
    consents: Mapping[ConsentPurpose, ConsentStatus]
    ends_on: date | None
    is_erasing: bool
    today: date
