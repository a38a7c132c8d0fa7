"""The words of a rule, from the one list of rules."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.security.alerts.kinds import Severity


@dataclass(frozen=True)
class Words:
    """What a rule is called, what to do when it rings, where the law says so, and how much it presses."""

    title: Any
    advice: Any
    article: str
    severity: Severity


_LAWS = {
    "PIPL": _("PIPL Art %(number)s"),
    "Measures Art": _("Measures Art %(number)s"),
    "Cybersecurity Law": _("Cybersecurity Law Art %(number)s"),
}
_ARTICLE = re.compile(r"(?P<law>.+?) (?P<number>\d.*)")


def article_name(article: str) -> str:
    """Write an article of a rule out in the reader's language."""
    found = _ARTICLE.fullmatch(article)
    if found is None or found["law"] not in _LAWS:
        return article
    return str(_LAWS[found["law"]]) % {"number": found["number"].replace(", ", str(_(", ")))}


def words_of(code: str) -> Words:
    """Return a rule's words. An alert may outlive its rule: then its code is its title."""
    from portal.security.detection.rules import RULES  # which says itself what rings

    rule = RULES.get(code)
    if rule is None:
        return Words(code, "", "", Severity.MEDIUM)
    return Words(rule.title, rule.advice, rule.article, Severity(rule.severity))
