"""What the gate answered on a past day, in words: per door and per person."""

from datetime import date
from typing import Any

from django.utils.dateparse import parse_date

from tenants.clearance import evidence
from tenants.clearance.checks import article_name
from tenants.clearance.rules import ALL
from tenants.people.models import Person
from tenants.premises.models import Device

RULES = {rule.code: rule for rule in ALL}


def day_of(text: str, *, today: date) -> date:
    """Return the day that was asked for; today for what is no day, and for one that is still to come."""
    try:
        asked = parse_date(text)
    except ValueError:  # 31 February
        asked = None
    return asked if asked is not None and asked <= today else today


def answers(subject: Device | Person, day: date) -> list[dict[str, Any]]:
    """Return the answers that held on a Beijing day, oldest first: {at, is_allowed, reasons}."""
    return [
        {"at": row.answered_at, "is_allowed": row.is_allowed, "reasons": [_reason(code) for code in row.blockers]}
        for row in evidence.on_day(subject=subject, day=day)
    ]


def _reason(code: str) -> dict[str, Any]:
    """A rule that is gone since is told by its code."""
    rule = RULES.get(code)
    return {"title": rule.broken if rule else code, "article": article_name(rule.article) if rule else ""}
