"""Rules about consent: one person, one purpose, freely given, for the notice in force, and not over."""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext_lazy as _

from tenants.clearance.checks import Mend
from tenants.clearance.facts import PersonFacts
from tenants.clearance.rules.rule import Rule, rule
from tenants.people.kinds import ConsentPurpose, ConsentStatus

ARTICLES = {ConsentPurpose.RECOGNITION: "Art 6", ConsentPurpose.TRANSMISSION: "Art 8"}

# What each answer other than a yes means, and the page that mends it. A no has no page: nobody may ask again.
BROKEN = {
    ConsentStatus.UNANSWERED: (_("The person has not answered yet."), Mend.LINK),
    ConsentStatus.DECLINED: (_("The person said no. Only the person can start again."), Mend.NOTHING),
    ConsentStatus.WITHDRAWN: (_("The person withdrew. Only the person can start again."), Mend.NOTHING),
    ConsentStatus.STALE: (_("The notice changed since; the person is asked again."), Mend.LINK),
    ConsentStatus.EXPIRED: (_("The period the person agreed to is over."), Mend.LINK),
    ConsentStatus.NEEDS_PERSON: (_("The child has turned 14: the person answers now."), Mend.LINK),
}


def _holds(purpose: ConsentPurpose, status: ConsentStatus) -> Callable[[PersonFacts], bool]:
    def test(facts: PersonFacts) -> bool:
        answer = facts.consents.get(purpose)
        if status == ConsentStatus.UNANSWERED:
            # No answer, or one that nobody knows, is no yes.
            return answer == ConsentStatus.AGREED or answer in set(BROKEN) - {ConsentStatus.UNANSWERED}
        return answer != status

    return test


def _rules() -> Iterator[Rule[PersonFacts]]:
    for purpose, article in ARTICLES.items():
        for status, (detail, mend) in BROKEN.items():
            made = rule(
                code=f"consent_{purpose.value}_{status.value}",
                holds=purpose.label,
                broken=purpose.label,
                detail=detail,
                article="Art 7" if status == ConsentStatus.NEEDS_PERSON else article,
                mend=mend,
            )
            yield made(_holds(purpose, status))


# Each consent stands alone (Measures Arts 6, 8; PIPL 14, 15, 29): twelve rules, one for each way a yes can be missing.
RULES: tuple[Rule[PersonFacts], ...] = tuple(_rules())
