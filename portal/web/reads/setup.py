"""How far a new property is on its way to the first lawful door, from what is on record and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.web.forms.setup import PLACES
from portal.web.reads.assessments import people_count
from portal.web.reads.checks import mend
from tenants.clearance.checks import Check, blockers
from tenants.clearance.duties import Judged
from tenants.clearance.services import check_devices, check_site
from tenants.organizations.models import Property
from tenants.people.models import Person
from tenants.premises.kinds import DeviceState, MethodKind
from tenants.premises.models import AccessPoint, Device
from tenants.transparency.models import Assessment, AssessmentState, Conclusion
from tenants.transparency.rules.assessments import BLANK
from tenants.transparency.services.refusals import refusals


class Step(StrEnum):
    """The seven screens of the guide, in order; each is one decision."""

    DOOR = "door"
    DEVICE = "device"
    ASSESSMENT = "assessment"
    NOTICE = "notice"
    SIGN = "sign"
    ACTIVATE = "activate"
    PERSON = "person"


LABELS = {
    Step.DOOR: _("Door"),
    Step.DEVICE: _("Device"),
    Step.ASSESSMENT: _("Assessment"),
    Step.NOTICE: _("Notice"),
    Step.SIGN: _("Door sign"),
    Step.ACTIVATE: _("Switch on"),
    Step.PERSON: _("First person"),
}
_ASSESSMENT = {"no_assessment", "assessment_stale"} | {
    f"{part}_not_assessed" for part in ("purpose", "mode", "vendor", "algorithm", "place", "storage")
}
_NOTICE = {"no_notice", "notice_other_storage"}
_SIGN = {"no_sign", "sign_old"}


@dataclass(frozen=True)
class Progress:
    """`device` is the first one that is not active yet, or the first of all; `blocked` is what blocks it.

    `waits_for_signature`: the assessment is written, and another member has to sign it.
    """

    tenant: Property
    door: AccessPoint | None
    device: Device | None
    blocked: tuple[Check, ...]
    has_person: bool
    waits_for_signature: bool = False

    def is_done(self, step: Step) -> bool:
        codes = {check.code for check in self.blocked}
        return {
            Step.DOOR: self.door is not None,
            Step.DEVICE: self.device is not None,
            Step.SIGN: self.device is not None and not codes & _SIGN,
            Step.ASSESSMENT: self.device is not None and not codes & _ASSESSMENT,
            Step.NOTICE: not codes & _NOTICE,
            Step.ACTIVATE: self.device is not None and self.device.state == DeviceState.ACTIVE,
            Step.PERSON: self.has_person,
        }[step]

    @property
    def current(self) -> Step | None:
        """The first step that is not done, or None at the end. What needs no signature goes on while one waits."""
        undone = [step for step in Step if not self.is_done(step)]
        if undone and undone[0] == Step.ASSESSMENT and self.waits_for_signature:
            return next((step for step in undone if step in {Step.NOTICE, Step.SIGN}), Step.ASSESSMENT)
        return undone[0] if undone else None

    @property
    def others(self) -> list[Check]:
        """What blocks the device and is none of the guide's own steps."""
        return [check for check in self.blocked if check.code not in _ASSESSMENT | _NOTICE | _SIGN]


def progress(tenant: Property, *, judged: Judged | None = None) -> Progress:
    """Return how far the property is. Constant in queries; `judged` spares two where the gate was asked already."""
    doors = AccessPoint.objects.filter(tenant=tenant, methods__kind=MethodKind.FACE).select_related("zone")
    if judged is None:
        judged = check_devices(tenant=tenant, devices=Device.objects.exclude(state=DeviceState.RETIRED))
    judged = sorted(judged, key=lambda pair: (pair[0].state == DeviceState.ACTIVE, pair[0].created_at))
    device, checks = judged[0] if judged else (None, check_site(tenant))
    draft = Assessment.objects.filter(tenant=tenant, state=AssessmentState.DRAFT).first()
    return Progress(
        tenant=tenant,
        door=device.access_point if device else doors.order_by("created_at").first(),
        device=device,
        blocked=tuple(blockers(checks)),
        has_person=Person.objects.filter(tenant=tenant, erased_at__isnull=True).exists(),
        waits_for_signature=draft is not None and is_ready(tenant, draft),
    )


def steps(found: Progress, *, shown: Step | None) -> list[dict[str, Any]]:
    """Return the rows of `components/steps.html`."""
    return [
        {
            "label": LABELS[step],
            "state": "current" if step == shown else "done" if found.is_done(step) else "todo",
            "url": "",
        }
        for step in Step
    ]


def notes(found: Progress, checks: Iterable[Check]) -> list[dict[str, Any]]:
    """Return what blocks as parameters of `components/note.html`: in words, and the page that mends it."""
    rows = []
    for check in checks:
        url, label = mend(tenant=found.tenant, to=check.mend, device=found.device)
        text = check.detail if url or not label else f"{check.detail} {label}."
        rows.append({"title": check.title, "text": text, "url": url, "label": label})
    return rows


def is_ready(tenant: Property, draft: Assessment) -> bool:
    """Say whether nothing is missing from this draft but the signature of somebody who did not write it."""
    return not refusals(tenant=tenant, assessment=draft, people_count=people_count(tenant))


def takes_short_form(tenant: Property, draft: Assessment) -> bool:
    """Say whether nothing but the answers to the open places is missing from this draft.

    Whatever else a colleague wrote, found not acceptable or left unfinished is settled in the full editor.
    """
    missing = refusals(tenant=tenant, assessment=draft, people_count=people_count(tenant))
    has_its_places = all(text.count(BLANK) == len(PLACES.get(name, ())) for name, text in draft.texts.items())
    is_undecided = draft.conclusion != Conclusion.NOT_ACCEPTABLE
    return has_its_places and is_undecided and set(missing) <= {*PLACES, "conclusion"}
