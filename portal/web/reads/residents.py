"""What a resident is told: which doors use faces, which other ways there are, and whether their own face is used."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import Exists, OuterRef
from django.utils.translation import get_language

from tenants.organizations.models import Property
from tenants.people.kinds import AgeBand, ConsentPurpose, ConsentStatus, FaceState
from tenants.premises.kinds import DeviceState, MethodKind
from tenants.premises.models import AccessPoint, Device

HELD = frozenset({FaceState.ENROLLED, FaceState.SUSPENDED})


def joined(words: list[str]) -> str:
    """Join words as the reader's language lists them."""
    return (", " if (get_language() or "").startswith("en") else "、").join(words)


@dataclass(frozen=True)
class Way:
    """Doors that share the same other ways to pass."""

    methods: str
    doors: str


@dataclass(frozen=True)
class Doors:
    """`using` are the doors where a face works today; `ways` how else the doors concerned open."""

    using: tuple[str, ...]
    ways: tuple[Way, ...]
    methods: str

    @property
    def names(self) -> str:
        return joined(list(self.using))


def doors_of(tenant: Property) -> Doors:
    """Return the doors of a property as a resident sees them. Two queries.

    The other ways are those of the doors that use faces; before any does, of those that offer it.
    """
    active = Device.objects.filter(access_point=OuterRef("pk"), state=DeviceState.ACTIVE)
    rows = AccessPoint.objects.filter(tenant=tenant).annotate(uses_faces=Exists(active)).prefetch_related("methods")
    doors = list(rows)
    using = [door for door in doors if door.uses_faces]
    offering = [door for door in doors if any(method.kind == MethodKind.FACE for method in door.methods.all())]
    ways: dict[tuple[str, ...], list[str]] = {}
    for door in using or offering or doors:
        live = {method.kind for method in door.methods.all() if method.is_live and method.kind != MethodKind.FACE}
        if live:
            ways.setdefault(tuple(kind for kind in MethodKind.values if kind in live), []).append(door.name)
    kinds = [kind for kind in MethodKind.values if any(kind in group for group in ways)]
    return Doors(
        using=tuple(door.name for door in using),
        ways=tuple(Way(_labels(group), joined(names)) for group, names in ways.items()),
        methods=_labels(kinds),
    )


def _labels(kinds: list[str] | tuple[str, ...]) -> str:
    return joined([str(MethodKind(kind).label) for kind in kinds])


class Situation(StrEnum):
    """The answers to "is my face used here?"."""

    IN_USE = "in_use"
    STORED_UNUSED = "stored_unused"
    CHANGED = "changed"
    EXPIRED = "expired"
    NOW_14 = "now_14"
    OVER = "over"
    CHECKING = "checking"
    PHOTO_MISSING = "photo_missing"
    AT_THE_DOOR = "at_the_door"
    UNANSWERED = "unanswered"
    HALF_ANSWERED = "half_answered"
    DECLINED = "declined"
    STOPPED = "stopped"
    DELETED = "deleted"
    ERASING = "erasing"
    UNDER_14 = "under_14"
    GUARDIAN_ANSWERS = "guardian_answers"
    RESTRICTED = "restricted"
    NO_NOTICE = "no_notice"


def situation_of(
    *,
    face_state: str,
    age_band: str,
    statuses: dict[ConsentPurpose, ConsentStatus],
    ends_on: date | None,
    today: date,
    has_notice: bool,
    is_on_device: bool,
    doors: int,
    is_restricted: bool = False,
    allows_children: bool = False,
    is_guardians_page: bool = False,
) -> Situation:
    """Answer from the facts, the strongest no first. Pure."""
    answers = set(statuses.values())
    if face_state == FaceState.ERASING:
        return Situation.ERASING
    if age_band not in {AgeBand.TEEN, AgeBand.ADULT} and not (allows_children and is_guardians_page):
        return Situation.GUARDIAN_ANSWERS if allows_children else Situation.UNDER_14
    if not has_notice:
        return Situation.NO_NOTICE
    if ConsentStatus.DECLINED in answers:
        return Situation.DECLINED
    if ConsentStatus.WITHDRAWN in answers:
        return Situation.STOPPED
    if is_restricted:
        return Situation.RESTRICTED
    if ends_on is not None and ends_on < today:
        return Situation.OVER
    if face_state == FaceState.ERASED and answers == {ConsentStatus.UNANSWERED}:
        return Situation.DELETED
    if answers != {ConsentStatus.AGREED}:
        return _unfinished(face_state, statuses)
    if face_state in HELD:
        return Situation.IN_USE if doors else Situation.STORED_UNUSED
    if face_state == FaceState.CAPTURED:
        return Situation.CHECKING
    if face_state == FaceState.CONSENTED:
        return Situation.AT_THE_DOOR if is_on_device else Situation.PHOTO_MISSING
    return Situation.DELETED


def _unfinished(face_state: str, statuses: dict[ConsentPurpose, ConsentStatus]) -> Situation:
    answers = set(statuses.values())
    if ConsentStatus.NEEDS_PERSON in answers:
        return Situation.NOW_14
    if ConsentStatus.EXPIRED in answers:
        return Situation.EXPIRED
    if face_state in HELD:
        return Situation.CHANGED
    if statuses[ConsentPurpose.RECOGNITION] == ConsentStatus.AGREED:
        return Situation.HALF_ANSWERED
    return Situation.UNANSWERED


def next_question(statuses: dict[ConsentPurpose, ConsentStatus]) -> ConsentPurpose | None:
    """Return the first question without a yes that holds today, or None."""
    return next((purpose for purpose, status in statuses.items() if status != ConsentStatus.AGREED), None)
