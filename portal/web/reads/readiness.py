"""How ready the property is: every duty as a row, with its article, its evidence and the button that mends it."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.web.reads.assessments import people_count
from portal.web.reads.checks import mend
from recognition.engine import liveness, refusal
from tenants.clearance.checks import article_name
from tenants.clearance.duties import Duty, Group, Judged, Status
from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Property
from tenants.rights.duties import readiness

TONES = {Status.MET: "ok", Status.DUE: "due", Status.BLOCKING: "stop", Status.NOTHING: "neutral"}
LABELS = {
    Status.MET: _("Met"),
    Status.DUE: _("To be mended"),
    Status.BLOCKING: _("Blocks"),
    Status.NOTHING: _("Nothing to check yet"),
}


def groups(tenant: Property, *, judged: Judged | None = None) -> list[dict[str, Any]]:
    """Return the duties by group: {label, rows, met, total}; in each group what blocks first."""
    duties = readiness(tenant, judged=judged, count_people=lambda: people_count(tenant))
    found = []
    for group in Group:
        rows = sorted((duty for duty in duties if duty.group == group), key=lambda duty: _weight(duty.status))
        counted = [duty for duty in rows if duty.status != Status.NOTHING]
        met = sum(duty.status == Status.MET for duty in counted)
        found.append(
            {
                "label": group.label,
                "rows": [_row(tenant, duty) for duty in rows],
                "met": met,
                "total": len(counted),
                "tone": max((TONES[duty.status] for duty in rows), key=["neutral", "ok", "due", "stop"].index),
            }
        )
    return found


def score(found: list[dict[str, Any]]) -> dict[str, int]:
    """Return how many duties are met, due and blocking."""
    tones = [row["tone"] for group in found for row in group["rows"]]
    return {"met": tones.count("ok"), "due": tones.count("due"), "blocking": tones.count("stop")}


def liveness_note(tenant: Property) -> Promise | str:
    """Return what to know of the liveness test; empty where the terminals look at faces themselves. No duty."""
    return liveness.sentence(liveness.state()) if tenant.storage_mode == StorageMode.PORTAL else ""


def engine_note(tenant: Property) -> str:
    """Return why no face can be checked now; empty while one can, and where the terminals look at faces themselves."""
    found = refusal.known() if tenant.storage_mode == StorageMode.PORTAL else None
    return found.sentence if found else ""


def _weight(status: Status) -> int:
    return [Status.BLOCKING, Status.DUE, Status.MET, Status.NOTHING].index(status)


def _row(tenant: Property, duty: Duty) -> dict[str, Any]:
    url, label = ("", "")
    if duty.status in {Status.BLOCKING, Status.DUE}:
        url, label = mend(tenant=tenant, to=duty.mend, device=duty.first)
    return {
        "code": duty.code,
        "title": duty.title,
        "detail": duty.detail,
        "article": article_name(duty.article),
        "evidence": duty.evidence,
        "tone": TONES[duty.status],
        "text": LABELS[duty.status],
        "url": url,
        "label": label,
        "first": duty.first,
    }
