"""The gate's answers about a person as rows of `components/blockers.html`."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenants.clearance.checks import Check
from tenants.people.kinds import ConsentStatus
from tenants.people.models import Person

ARTICLES = {
    "Art 5": _("Measures Art 5"),
    "Art 6": _("Measures Art 6"),
    "Art 7": _("Measures Art 7"),
    "Art 8": _("Measures Art 8"),
    "Art 10": _("Measures Art 10"),
    "Art 13": _("Measures Art 13"),
    "PIPL 47": _("PIPL Art 47"),
}


def person_rows(*, slug: str, person: Person, checks: list[Check], can_manage: bool) -> list[dict[str, Any]]:
    """Return what blocks first, then what holds; a blocked row carries the page that mends it, if staff may."""
    rows = []
    for check in sorted(checks, key=lambda check: check.holds):
        url, label = _mend(slug, person, check) if can_manage and not check.holds else ("", "")
        rows.append(
            {
                "ok": check.holds,
                "title": check.title,
                "detail": check.detail,
                "article": ARTICLES.get(check.article, check.article),
                "url": url,
                "label": label,
            }
        )
    return rows


def _mend(slug: str, person: Person, check: Check) -> tuple[str, Any]:
    if check.code == "period_over" and not person.erased_at:
        return reverse("person_edit", args=[slug, person.pk]), _("Change the date")
    # A refusal has no button: nobody may ask again (Measures Art 6).
    asked = (ConsentStatus.UNANSWERED, ConsentStatus.STALE)
    if check.code.startswith("consent_") and check.code.endswith(asked) and not person.erased_at:
        return reverse("person_link", args=[slug, person.pk]), _("Personal link")
    return "", ""
