"""Rules about a person: age, death, restriction, the end of the stay and of the period."""

from django.utils.translation import gettext_lazy as _

from tenants.clearance.checks import Mend
from tenants.clearance.facts import PersonFacts
from tenants.clearance.rules.rule import NDSMR, PIPL, Rule, rule
from tenants.people.kinds import AgeBand


@rule(
    code="erasing",
    holds=_("No erasure is under way"),
    broken=_("The face is being erased"),
    detail=_("From the moment the erasure is ordered, no connected door opens to the face."),
    article="PIPL 47",
    since=PIPL,
)
def not_being_erased(facts: PersonFacts) -> bool:
    """A face that is being erased is used no more (PIPL 47)."""
    return not facts.is_erasing


@rule(
    code="record_erased",
    holds=_("The person's record exists"),
    broken=_("The person's record was erased"),
    detail=_("Who wants to use a face again is added as a new person."),
    article="PIPL 47",
    since=PIPL,
)
def record_exists(facts: PersonFacts) -> bool:
    """After a deletion nothing begins again under the old id (PIPL 47)."""
    return not facts.is_erased


@rule(
    code="died",
    holds=_("The person lives"),
    broken=_("The person has died"),
    detail=_("The face is erased. Close relatives may ask for what is held."),
    article="PIPL 49",
    since=PIPL,
)
def is_alive(facts: PersonFacts) -> bool:
    """The purpose has ended (PIPL 47, 49)."""
    return not facts.has_died


@rule(
    code="restricted",
    holds=_("The person did not restrict the use"),
    broken=_("The person restricted the use"),
    detail=_("Nothing is done with the face until the person lifts it."),
    article="PIPL 44",
    since=PIPL,
)
def is_not_restricted(facts: PersonFacts) -> bool:
    """The right to restrict or refuse processing (PIPL 44)."""
    return not facts.is_restricted


@rule(
    code="under_14",
    holds=_("Old enough"),
    broken=_("Faces of children under 14 are not used"),
    detail=_("Give the child a card. A face needs a parent's separate consent and special rules."),
    article="Art 7",
    mend=Mend.PERSON,
)
def old_enough(facts: PersonFacts) -> bool:
    """Under 14 a face is not enrolled unless the property allows it; an unknown age is too young (Measures Art 7)."""
    return facts.age_band in {AgeBand.TEEN, AgeBand.ADULT} or facts.allows_under_14


@rule(
    code="no_minors_rules",
    holds=_("The notice has rules for children"),
    broken=_("The notice has no rules for children"),
    detail=_("For children under 14 special rules are written and published first."),
    article="Art 7",
    since=NDSMR,
    mend=Mend.NOTICE,
)
def minors_rules_are_published(facts: PersonFacts) -> bool:
    """Special rules for under-14s (Measures Art 7; NDSMR 21). A text that says they are not used is none."""
    return facts.age_band != AgeBand.UNDER_14 or facts.notice_has_minors_rules


@rule(
    code="no_guardian",
    holds=_("A parent or guardian decides for the child"),
    broken=_("No grown-up guardian is on record for the child"),
    detail=_("Record the parent or guardian, and what proved it. They answer on their own page."),
    article="Art 7",
    mend=Mend.PERSON,
)
def guardian_is_known(facts: PersonFacts) -> bool:
    """Only a parent or guardian consents for a child (Measures Art 7; PIPL 31)."""
    return facts.age_band != AgeBand.UNDER_14 or facts.has_guardian


@rule(
    code="stay_over",
    holds=_("The lease or stay runs"),
    broken=_("The lease or stay is over"),
    detail=_("A face goes when the stay ends. If the stay goes on, change its date."),
    article="PIPL 47",
    since=PIPL,
    mend=Mend.PERSON,
)
def stay_runs(facts: PersonFacts) -> bool:
    """The purpose ends with the stay (PIPL 47(1))."""
    return facts.stay_ends_on is None or facts.site.today <= facts.stay_ends_on


@rule(
    code="retention_over",
    holds=_("The time to keep the face is not over"),
    broken=_("The time to keep the face is over"),
    detail=_("A face is kept for the shortest time. The person may enrol again."),
    article="Art 8",
)
def retention_runs(facts: PersonFacts) -> bool:
    """The shortest time necessary (Measures Art 8; PIPL 19, 47)."""
    return facts.retention_ends_on is None or facts.site.today <= facts.retention_ends_on


@rule(
    code="face_elsewhere",
    holds=_("The face is kept where this property keeps faces"),
    broken=_("The face is kept where this property keeps none any more"),
    detail=_("It opens nothing, and after thirty days it is erased. Then the person may enrol at the place used now."),
    article="Art 8",
)
def face_is_where_it_should_be(facts: PersonFacts) -> bool:
    """A template stays nowhere that was not declared and agreed to (Measures Art 8)."""
    return facts.face_stored in {"", facts.site.storage_mode}


RULES: tuple[Rule[PersonFacts], ...] = (
    not_being_erased,
    record_exists,
    is_alive,
    is_not_restricted,
    old_enough,
    guardian_is_known,
    minors_rules_are_published,
    stay_runs,
    retention_runs,
    face_is_where_it_should_be,
)
