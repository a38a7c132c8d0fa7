"""The rules of the gate: facts → checks. One rule, one function; everything unknown blocks."""

from django.utils.translation import gettext_lazy as _

from tenants.clearance.checks import Check, Mend
from tenants.clearance.facts import DeviceFacts, PersonFacts
from tenants.people.kinds import AgeBand, ConsentPurpose, ConsentStatus
from tenants.premises.rules import has_alternative, is_private


def place_is_not_private(facts: DeviceFacts) -> Check:
    """No face device in a private place; no role may override it (Measures Art 13)."""
    holds = not is_private(facts.zone_kind)
    return Check(
        code="private_place",
        holds=holds,
        title=_("The place is not private") if holds else _("This is a private place"),
        detail=_("Nobody may put a face device in a hotel room, bath, toilet, changing room or the like."),
        article="Art 13",
        mend=Mend.ZONE,
    )


def face_is_a_method_of_the_door(facts: DeviceFacts) -> Check:
    """A door says which ways it offers; a terminal without the method would be a hidden one."""
    return Check(
        code="face_not_a_method",
        holds=facts.has_face_method,
        title=_("The door lists face as a method")
        if facts.has_face_method
        else _("The door does not list face as a method"),
        detail=_("People are told each way to pass a door, so the record must name it."),
        article="Art 5",
        mend=Mend.DOOR,
    )


def another_way_works(facts: DeviceFacts) -> Check:
    """A face is never the only way (Measures Art 10)."""
    holds = has_alternative(facts.live_methods)
    return Check(
        code="face_only",
        holds=holds,
        title=_("Another way to pass works at this door") if holds else _("This door has no other way that works"),
        detail=_("A card, PIN, QR pass or staffed desk must work at the same door. Face may not be the only way."),
        article="Art 10",
        mend=Mend.DOOR,
    )


def notice_is_published(facts: DeviceFacts) -> Check:
    """People are told first (Measures Art 5), about the storage that is really used (Art 8)."""
    told = facts.notice_version is not None
    holds = told and facts.notice_storage_mode == facts.storage_mode
    if holds:
        title = _("The notice is published")
    elif told:
        title = _("The notice names another place of storage")
    else:
        title = _("No notice is published")
    return Check(
        code="no_notice",
        holds=holds,
        title=title,
        detail=_("Before a face is used, people are told who uses it, what for, how long, and how to say no."),
        article="Art 5",
        mend=Mend.NOTICE,
    )


def handler_can_be_reached(facts: DeviceFacts) -> Check:
    """The handler's name and contact are the first item of the notice (Measures Art 5(1))."""
    holds = bool(facts.handler_contact.strip())
    return Check(
        code="no_contact",
        holds=holds,
        title=_("The company can be reached") if holds else _("The company has no contact"),
        detail=_("People need somebody to turn to."),
        article="Art 5",
        mend=Mend.SETTINGS,
    )


def old_enough(facts: PersonFacts) -> Check:
    """Under 14 a face is not enrolled at all here (Measures Art 7; PIPL 31)."""
    holds = facts.age_band in {AgeBand.TEEN, AgeBand.ADULT}
    return Check(
        code="under_14",
        holds=holds,
        title=_("Old enough") if holds else _("Faces of children under 14 are not used"),
        detail=_("Give the child a card. A face needs a parent's separate consent and special rules."),
        article="Art 7",
        mend=Mend.PERSON,
    )


def _consent(facts: PersonFacts, purpose: ConsentPurpose, article: str) -> Check:
    status = facts.consents.get(purpose, ConsentStatus.UNANSWERED)
    return Check(
        code=f"consent_{purpose.value}_{status.value}",
        holds=status == ConsentStatus.AGREED,
        title=purpose.label,
        detail=status.label,
        article=article,
        mend=Mend.PERSON,
    )


def consents_hold(facts: PersonFacts) -> list[Check]:
    """Each consent stands alone and holds for the notice in force (Measures Arts 6, 8; PIPL 14)."""
    articles = {ConsentPurpose.RECOGNITION: "Art 6", ConsentPurpose.TRANSMISSION: "Art 8"}
    return [_consent(facts, purpose, articles[purpose]) for purpose in facts.consents]


def period_runs(facts: PersonFacts) -> Check:
    """The shortest time necessary (Measures Art 8; PIPL 19, 47)."""
    holds = facts.ends_on is None or facts.today <= facts.ends_on
    return Check(
        code="period_over",
        holds=holds,
        title=_("The time to keep the face is not over") if holds else _("The time to keep the face is over"),
        detail=_("A face goes when the stay or the retention period ends, whichever is first."),
        article="Art 8",
        mend=Mend.PERSON,
    )


def not_being_erased(facts: PersonFacts) -> Check:
    """A face that is being erased is used no more (PIPL 47)."""
    return Check(
        code="erasing",
        holds=not facts.is_erasing,
        title=_("No erasure is under way") if not facts.is_erasing else _("The face is being erased"),
        detail=_("From the moment the erasure is ordered, the face opens nothing."),
        article="PIPL 47",
    )


def device_checks(facts: DeviceFacts) -> list[Check]:
    """Every rule about a device, the most serious first."""
    rules = (
        place_is_not_private,
        another_way_works,
        face_is_a_method_of_the_door,
        notice_is_published,
        handler_can_be_reached,
    )
    return [rule(facts) for rule in rules]


def person_checks(facts: PersonFacts) -> list[Check]:
    """Every rule about a person, the most serious first."""
    return [not_being_erased(facts), old_enough(facts), *consents_hold(facts), period_runs(facts)]


def blockers(checks: list[Check]) -> list[Check]:
    return [check for check in checks if not check.holds]
