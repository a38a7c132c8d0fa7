"""What a page says of the gate's answers."""

import pytest
from django.utils import translation

from portal.web.reads.checks import row
from tenants.clearance.rules import consents
from tenants.clearance.rules.rule import Rule
from tests.tenants.clearance.test_rules import PERSON


@pytest.mark.parametrize("rule", consents.RULES, ids=lambda rule: rule.code)
def test_a_yes_is_never_told_as_a_missing_one(rule: Rule) -> None:
    check = rule.judge(PERSON)
    assert check.holds
    with translation.override("en"):
        assert str(row(check, "", "")["detail"]).startswith("There is a yes.")
