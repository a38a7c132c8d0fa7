"""Rules about the place and the door: never a private place, never a face alone, the other way as convenient."""

from django.utils.translation import gettext_lazy as _

from tenants.clearance.checks import Mend, Severity
from tenants.clearance.facts import DeviceFacts
from tenants.clearance.rules.rule import Rule, rule
from tenants.premises.rules import Inconvenience, is_private_place


def _has_another_way(facts: DeviceFacts) -> bool:
    """Say whether there is another way to compare with the face."""
    return facts.has_face_method and bool(facts.other_ways)


@rule(
    code="private_place",
    holds=_("The place is not private"),
    broken=_("This is a private place"),
    detail=_("Nobody may put a face device in a hotel room, bath, toilet, changing room or the like."),
    article="Art 13",
    mend=Mend.ZONE,
)
def place_is_not_private(facts: DeviceFacts) -> bool:
    """No face device in a private place or inside one; no role may override it (Measures Art 13)."""
    return not is_private_place(facts.zone_kinds)


@rule(
    code="face_not_a_method",
    holds=_("The door lists face as a method"),
    broken=_("The door does not list face as a method"),
    detail=_("People are told each way to pass a door, so the record must name it."),
    article="Art 5",
    mend=Mend.DOOR,
)
def face_is_a_method_of_the_door(facts: DeviceFacts) -> bool:
    """A terminal without the method in the record would be a hidden one (Measures Art 5)."""
    return facts.has_face_method


@rule(
    code="face_out_of_order",
    holds=_("Face is not reported out of order"),
    broken=_("Face is reported out of order at this door"),
    detail=_("The record says that face does not work here. Report that it works again first."),
    article="Art 5",
    mend=Mend.DOOR,
    applies=lambda facts: facts.has_face_method,
)
def face_is_in_order(facts: DeviceFacts) -> bool:
    """What people are told is true (Measures Art 5)."""
    return facts.face_works or not facts.has_face_method


@rule(
    code="face_only",
    holds=_("Another way to pass works at this door"),
    broken=_("This door has no other way that works"),
    detail=_("A card, PIN, QR pass or staffed desk must work at the same door. Face may not be the only way."),
    article="Art 10",
    mend=Mend.DOOR,
)
def another_way_works(facts: DeviceFacts) -> bool:
    """A face is never the only way (Measures Art 10)."""
    return bool(facts.other_ways)


@rule(
    code="other_way_costs",
    holds=_("The other way is free of charge"),
    broken=_("The other way costs money"),
    detail=_("A way that costs money is not reasonable and convenient. Offer one free of charge."),
    article="Art 10",
    mend=Mend.DOOR,
    applies=_has_another_way,
)
def another_way_is_free(facts: DeviceFacts) -> bool:
    """Reasonable and convenient: no charge (Measures Art 10)."""
    return Inconvenience.COSTS_MONEY not in facts.inconveniences


@rule(
    code="other_way_hours",
    holds=_("The other way works at the same hours"),
    broken=_("The other way works at fewer hours than the face"),
    detail=_("Whoever says no must get in at the same hours."),
    article="Art 10",
    mend=Mend.DOOR,
    applies=_has_another_way,
)
def another_way_has_the_hours(facts: DeviceFacts) -> bool:
    """Reasonable and convenient: hours at least as long (Measures Art 10)."""
    return Inconvenience.NARROWER_HOURS not in facts.inconveniences


@rule(
    code="other_way_papers",
    holds=_("The other way asks for no more papers"),
    broken=_("The other way asks for more papers than the face"),
    detail=_("Whoever says no must not have to show more than the others."),
    article="Art 10",
    mend=Mend.DOOR,
    applies=_has_another_way,
)
def another_way_needs_no_more_papers(facts: DeviceFacts) -> bool:
    """Reasonable and convenient: no more documents (Measures Art 10)."""
    return Inconvenience.MORE_PAPERS not in facts.inconveniences


@rule(
    code="other_way_elsewhere",
    holds=_("The other way is at the same door"),
    broken=_("The other way is at another gate"),
    detail=_("Whoever says no must not be sent to another gate."),
    article="Art 10",
    mend=Mend.DOOR,
    applies=_has_another_way,
)
def another_way_is_here(facts: DeviceFacts) -> bool:
    """Reasonable and convenient: the same door (Measures Art 10)."""
    return Inconvenience.ELSEWHERE not in facts.inconveniences


@rule(
    code="other_way_steps",
    holds=_("The other way takes no more steps"),
    broken=_("The other way takes more steps than the face"),
    detail=_("It is allowed, and it should not stay so: the more steps, the less free the choice."),
    article="Art 10",
    severity=Severity.DUE,
    mend=Mend.DOOR,
    applies=_has_another_way,
)
def another_way_is_as_short(facts: DeviceFacts) -> bool:
    """Convenient is measured; more steps alone do not stop the face (Measures Art 10)."""
    return Inconvenience.MORE_STEPS not in facts.inconveniences


RULES: tuple[Rule[DeviceFacts], ...] = (
    place_is_not_private,
    another_way_works,
    another_way_is_free,
    another_way_has_the_hours,
    another_way_needs_no_more_papers,
    another_way_is_here,
    another_way_is_as_short,
    face_is_a_method_of_the_door,
    face_is_in_order,
)
