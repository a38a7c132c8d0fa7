"""Readiness: every rule of the gate as a duty of the property, met, due or blocking, with its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.clearance import gathering
from tenants.clearance.checks import Check, Mend, Severity
from tenants.clearance.facts import SiteFacts
from tenants.clearance.rules import devices, places, sites
from tenants.clearance.services import check_devices
from tenants.organizations.models import Property
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device


class Status(StrEnum):
    """How a duty stands. `nothing` means that there is nothing yet to which it applies."""

    MET = "met"
    DUE = "due"
    BLOCKING = "blocking"
    NOTHING = "nothing"


class Group(models.TextChoices):
    """What a duty is about, in the order in which a new property meets them."""

    COMPANY = "company", gettext_lazy("Company")
    DOORS = "doors", gettext_lazy("Doors and places")
    DEVICES = "devices", gettext_lazy("Devices")
    ASSESSMENT = "assessment", gettext_lazy("Impact assessment")
    NOTICE = "notice", gettext_lazy("Notice")
    PEOPLE = "people", gettext_lazy("People's rights")


@dataclass(frozen=True)
class Duty:
    """One duty with how it stands. `broken` of `total` devices (or rows) do not meet it; `first` is one of them."""

    code: str
    group: Group
    status: Status
    title: str | Promise
    detail: str | Promise
    article: str
    evidence: str
    mend: Mend = Mend.NOTHING
    broken: int = 0
    total: int = 0
    first: Device | None = None


_GROUPS = {Mend.ASSESSMENT: Group.ASSESSMENT, Mend.NOTICE: Group.NOTICE}


Judged = Sequence[tuple[Device, list[Check]]]


def duties(tenant: Property, *, judged: Judged | None = None) -> list[Duty]:
    """Return what the gate asks of this property, grouped in order. Two queries, however many devices there are.

    `judged` spares the second one to whoever has asked about all devices already.
    """
    facts = gathering.site_of(tenant)
    if judged is None:
        judged = check_devices(tenant=tenant, devices=Device.objects.exclude(state=DeviceState.RETIRED))
    of_the_site = [_site_duty(rule.judge(facts), facts) for rule in sites.RULES if rule.since <= facts.today]
    of_devices = _device_duties(judged, {rule.code for rule in places.RULES}, facts)
    order = list(Group)
    return sorted([*of_the_site, *of_devices], key=lambda duty: order.index(duty.group))


def _status(check: Check) -> Status:
    if check.holds:
        return Status.MET if check.applies else Status.NOTHING
    return Status.BLOCKING if check.severity == Severity.BLOCKS else Status.DUE


def _site_duty(check: Check, facts: SiteFacts) -> Duty:
    return Duty(
        code=check.code,
        group=_GROUPS.get(check.mend, Group.COMPANY),
        status=_status(check),
        title=check.title,
        detail=check.detail,
        article=check.article,
        evidence=_site_evidence(check, facts),
        mend=check.mend,
        broken=int(not check.holds),
        total=int(check.applies or not check.holds),
    )


def _site_evidence(check: Check, facts: SiteFacts) -> str:
    """Say what proves it: a version, or a day."""
    if check.mend == Mend.NOTICE and facts.notice_version:
        return _("Version %(version)s") % {"version": facts.notice_version}
    if check.mend == Mend.ASSESSMENT and facts.assessment_version:
        return _("Version %(version)s") % {"version": facts.assessment_version}
    if check.code == "no_contract" and facts.contract_signed_on:
        return date_format(facts.contract_signed_on, "DATE_FORMAT")
    if check.code == "contract_over" and facts.contract_ends_on:
        return _("until %(date)s") % {"date": date_format(facts.contract_ends_on, "DATE_FORMAT")}
    return ""


def _device_duties(judged: Judged, at_the_door: set[str], facts: SiteFacts) -> list[Duty]:
    """Return each rule about doors and devices once, with how many do not meet it of those to which it applies."""
    broken: dict[str, list[Device]] = {}
    asked: dict[str, int] = {}
    for device, checks in judged:
        for check in checks:
            if not check.holds:
                broken.setdefault(check.code, []).append(device)
            if check.applies or not check.holds:
                asked[check.code] = asked.get(check.code, 0) + 1
    found = []
    for rule in (*places.RULES, *devices.RULES):
        if rule.since > facts.today:
            continue
        failing, total = broken.get(rule.code, []), asked.get(rule.code, 0)
        status = Status.MET
        if not total:
            status = Status.NOTHING
        elif failing:
            status = Status.BLOCKING if rule.severity == Severity.BLOCKS else Status.DUE
        found.append(
            Duty(
                code=rule.code,
                group=Group.DOORS if rule.code in at_the_door else _GROUPS.get(rule.mend, Group.DEVICES),
                status=status,
                title=rule.broken if failing else rule.holds,
                detail=rule.detail,
                article=rule.article,
                evidence=_("%(held)s of %(total)s devices") % {"held": total - len(failing), "total": total},
                mend=rule.mend,
                broken=len(failing),
                total=total,
                first=failing[0] if failing else None,
            )
        )
    return found
