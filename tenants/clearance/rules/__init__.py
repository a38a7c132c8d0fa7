"""The rules of the gate: facts → checks. One rule, one function; everything unknown blocks.

A past day is judged by the rules that were law on that day.
"""

from datetime import date

from tenants.clearance.checks import Check
from tenants.clearance.facts import DeviceFacts, PersonFacts, SiteFacts
from tenants.clearance.rules import consents, devices, persons, places, sites
from tenants.clearance.rules.rule import Rule
from tenants.people.kinds import ConsentPurpose

__all__ = ["ALL", "device_checks", "person_checks", "site_checks"]

ALL: tuple[Rule, ...] = (*sites.RULES, *places.RULES, *devices.RULES, *persons.RULES, *consents.RULES)


def site_checks(facts: SiteFacts, *, on: date | None = None) -> list[Check]:
    """Return every rule's answer about a property."""
    day = on or facts.today
    return [rule.judge(facts) for rule in sites.RULES if rule.since <= day]


def device_checks(facts: DeviceFacts, *, on: date | None = None) -> list[Check]:
    """Return every rule's answer about a device, the most serious first: place and door, property, device."""
    day = on or facts.site.today
    at_the_door = [rule.judge(facts) for rule in places.RULES if rule.since <= day]
    of_the_device = [rule.judge(facts) for rule in devices.RULES if rule.since <= day]
    return [*at_the_door, *site_checks(facts.site, on=day), *of_the_device]


def person_checks(facts: PersonFacts, *, on: date | None = None) -> list[Check]:
    """Return every rule's answer about a person, the most serious first: person, consents, property.

    Recognition is always asked, other purposes where they are; a consent that holds is shown once.
    """
    day = on or facts.site.today
    checks = [rule.judge(facts) for rule in persons.RULES if rule.since <= day]
    for purpose in (ConsentPurpose.RECOGNITION, *(set(facts.consents) - {ConsentPurpose.RECOGNITION})):
        answers = [
            rule.judge(facts)
            for rule in consents.RULES
            if rule.code.startswith(f"consent_{purpose.value}_") and rule.since <= day
        ]
        broken = [check for check in answers if not check.holds]
        checks += broken or answers[:1]
    return [*checks, *site_checks(facts.site, on=day)]
