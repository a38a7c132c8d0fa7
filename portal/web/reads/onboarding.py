"""The first steps as a checklist on Today: what is done, what comes next, why the law wants it, how long it takes."""

from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.web.reads import setup
from portal.web.reads.setup import Step
from portal.web.reads.today import Facts
from tenants.clearance.checks import article_name
from tenants.organizations.models import User
from tenants.organizations.roles import Permission as P
from tenants.organizations.services.notifications import wishes_of
from tenants.premises.kinds import DeviceState

# Why each step is asked for, the article, and minutes for somebody who does it the first time.
REASONS: dict[Step, tuple[str | Promise, str, int]] = {
    Step.DOOR: (_("Whoever says no to their face must pass the same door another way."), "Art 10", 2),
    Step.DEVICE: (
        _("A device may stand only where public security needs it, and never in a private place."),
        "Art 13",
        3,
    ),
    Step.ASSESSMENT: (
        _("Before a face is used, you write down what it may do to people. A colleague signs it."),
        "Art 9",
        10,
    ),
    Step.NOTICE: (_("People are told in plain words before they decide."), "Art 5", 5),
    Step.SIGN: (_("A sign stands where people see it before the camera sees them."), "Art 13", 5),
    Step.ACTIVATE: (_("The gate looks at every rule once more, then the device is on."), "Art 13", 1),
    Step.PERSON: (_("Each person says yes or no themselves, on their own link."), "Art 6", 2),
}


def is_setting_up(facts: Facts) -> bool:
    """Say whether a property has still to come to its first lawful door with a first person. No query."""
    has_worked = any(device.state in {DeviceState.ACTIVE, DeviceState.SUSPENDED} for device, _checks in facts.devices)
    return not (has_worked and facts.people["people"])


def checklist(facts: Facts, user: User) -> dict[str, Any] | None:
    """Return the rows of `web/today/_first_steps.html`, None when everything is done or the member put it away.

    Only for those who can do something about it. A property that works costs no query for it.
    """
    if P.MANAGE_PREMISES not in facts.tenant.granted or not is_setting_up(facts):
        return None
    if wishes_of([user.pk])[user.pk].hides_setup:
        return None
    found = setup.progress(facts.tenant, judged=facts.devices)
    current = found.current
    rows = [_row(step, is_done=found.is_done(step), is_next=step == current) for step in Step]
    return {
        "rows": rows,
        "done": sum(row["is_done"] for row in rows),
        "total": len(rows),
        "minutes": sum(row["minutes"] for row in rows if not row["is_done"]),
        "next_url": reverse(f"setup_{current}" if current else "setup", args=[facts.tenant.slug]),
    }


def _row(step: Step, *, is_done: bool, is_next: bool) -> dict[str, Any]:
    why, article, minutes = REASONS[step]
    return {
        "label": setup.LABELS[step],
        "why": why,
        "article": article_name(article),
        "minutes": minutes,
        "is_done": is_done,
        "is_next": is_next,
    }
