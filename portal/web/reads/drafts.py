"""What somebody else saved of a draft assessment while it was being written here."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tenants.transparency.models import Assessment
from tenants.transparency.services.assessments import WRITTEN


def theirs(saved: Assessment, *, typed: Mapping[str, Any], rows: list[dict[str, Any]]) -> dict[str, str]:
    """Return what is saved otherwise than it was typed, in words and by field; the risks as one text."""
    found = {
        field: _words(saved, field) or "–"
        for field in WRITTEN
        if _lines(getattr(saved, field)) != _lines(typed.get(field, ""))
    }
    if _risks_differ(saved, rows):
        found["risks"] = risks_as_text(saved)
    return found


def risks_as_text(assessment: Assessment) -> str:
    """Return the risks as lines, every cell with what it says."""
    lines = []
    kind, measure, owner, until, done = _("Kind of risk"), _("Measure"), _("Who sees to it"), _("Until"), _("Done")
    for risk in assessment.risks.all():
        cells = [
            f"{risk.number}. {risk.title}",
            f"{kind}: {risk.get_kind_display()}",
            f"{risk.likelihood} × {risk.impact}",
            f"{measure}: {risk.measure or '–'}",
            f"{owner}: {risk.owner or '–'}",
            f"{until}: {date_format(risk.due_on, 'DATE_FORMAT') if risk.due_on else '–'}",
            f"{done}: {date_format(risk.done_on, 'DATE_FORMAT') if risk.done_on else '–'}",
        ]
        lines.append(" · ".join(cells))
    return "\n".join(lines) or "–"


def _words(saved: Assessment, field: str) -> str:
    """Return a field as a reader knows it: a choice by its label."""
    display = getattr(saved, f"get_{field}_display", None)
    return str(display()) if display else getattr(saved, field)


def _risks_differ(assessment: Assessment, rows: list[dict[str, Any]]) -> bool:
    saved = [risk.values for risk in assessment.risks.all()]
    return [_comparable(row) for row in saved] != [_comparable(row) for row in rows]


def _comparable(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _lines(value) if isinstance(value, str) else value for name, value in row.items()}


def _lines(text: str) -> str:
    """Compare what was written, not how a browser ends its lines."""
    return "\n".join(text.split())
