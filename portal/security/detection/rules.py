"""The rules: what counts as a pattern, from how many on, within how long, what it means and what to do.

Each number lets an ordinary day pass (tests/portal/security/detection/test_ordinary_day.py) and rings for the least of
what it is there for (test_rings.py, beside it). docs/detection.md shows all of them in one table, made from here.
"""

from portal.security.detection.rule import Rule
from portal.security.detection.rules_of_callers import RULES_OF_CALLERS
from portal.security.detection.rules_of_members import RULES_OF_MEMBERS
from portal.security.detection.rules_of_terminals import RULES_OF_TERMINALS
from portal.security.detection.rules_of_the_portal import RULES_OF_THE_PORTAL

RULES: dict[str, Rule] = {
    rule.code: rule for rule in [*RULES_OF_CALLERS, *RULES_OF_TERMINALS, *RULES_OF_MEMBERS, *RULES_OF_THE_PORTAL]
}
