"""The gate's answers as rows of `components/blockers.html`: in words, with the article and the page that mends it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenants.clearance.checks import Check, Mend, Severity, article_name
from tenants.clearance.rules import sites
from tenants.organizations.models import Property
from tenants.organizations.roles import Permission as P
from tenants.people.kinds import AgeBand
from tenants.people.models import Person
from tenants.premises.models import Device

SITE_CODES = frozenset(rule.code for rule in sites.RULES)
# (url name, label, permission); the address takes the zone, the door, the device or nothing.
MENDS = {
    Mend.ZONE: ("zone_edit", _("See the zone"), P.MANAGE_PREMISES),
    Mend.DOOR: ("door_edit", _("Record another way"), P.MANAGE_PREMISES),
    Mend.DEVICE: ("device_edit", _("Complete the record"), P.MANAGE_PREMISES),
    Mend.SIGN: ("device_sign", _("Record the sign"), P.MANAGE_PREMISES),
    Mend.NOTICE: ("notices", _("Go to the notices"), P.VIEW_NOTICES),
    Mend.ASSESSMENT: ("assessments", _("Go to the assessment"), P.VIEW_ASSESSMENTS),
    Mend.SETTINGS: ("settings", _("See the settings"), P.MANAGE_PROPERTY),
    Mend.REQUESTS: ("requests", _("Go to the requests"), P.VIEW_REQUESTS),
    Mend.COMPLAINTS: ("complaints", _("Go to the complaints"), P.VIEW_REQUESTS),
    Mend.ERASURES: ("erasures", _("Go to the erasures"), P.VIEW_RETENTION),
    Mend.MEMBERS: ("access_reviews", _("Go to the access reviews"), P.VIEW_MEMBERS),
}


def mend(*, tenant: Property, to: Mend, device: Device | None = None) -> tuple[str, Any]:
    """Return the address and the label of the page that mends a broken rule, if this member may; or nothing."""
    if to == Mend.PLATFORM:
        return "", _("The platform's administration changes it")
    name, label, permission = MENDS.get(to, ("", "", None))
    if permission not in tenant.granted:
        return "", ""
    rows: dict[Mend, Any] = {}
    if device is not None:
        door = device.access_point
        rows = {Mend.ZONE: door.zone_id, Mend.DOOR: door.pk, Mend.DEVICE: device.pk, Mend.SIGN: device.pk}
    elif to in {Mend.ZONE, Mend.DOOR, Mend.DEVICE, Mend.SIGN}:
        return "", ""
    return reverse(name, args=[tenant.slug, *([rows[to]] if to in rows else [])]), label


def row(check: Check, url: str, label: Any) -> dict[str, Any]:
    """Return one rule's answer as a row."""
    given = check.holds and check.code.startswith("consent_")
    return {
        "ok": check.holds,
        "is_due": check.severity == Severity.DUE,
        "title": check.title,
        # What a missing yes would say says the opposite of a yes.
        "detail": _("There is a yes. It can be taken back at any time.") if given else check.detail,
        "article": article_name(check.article),
        "url": url,
        "label": label,
        "note": "" if url or check.holds else label,
    }


def device_rows(*, tenant: Property, device: Device, checks: list[Check]) -> list[dict[str, Any]]:
    """Return what blocks first, then what is due, then what holds."""
    rows = []
    for check in _in_order(checks):
        url, label = ("", "") if check.holds else mend(tenant=tenant, to=check.mend, device=device)
        rows.append(row(check, url, label))
    return rows


def person_rows(*, tenant: Property, person: Person, checks: list[Check]) -> list[dict[str, Any]]:
    """Return what blocks first, then what holds; of the property's own rules only those that are broken."""
    rows = []
    for check in _in_order(checks):
        if check.holds and check.code in SITE_CODES:
            continue
        url, label = ("", "") if check.holds else _person_mend(tenant, person, check)
        rows.append(row(check, url, label))
    return rows


def _in_order(checks: list[Check]) -> list[Check]:
    return sorted(checks, key=lambda check: (check.holds, check.severity == Severity.DUE))


def _person_mend(tenant: Property, person: Person, check: Check) -> tuple[str, Any]:
    """A refusal has no button: nobody may ask again (Measures Art 6; NDSMR 22)."""
    if check.mend in {Mend.PERSON, Mend.LINK}:
        if P.MANAGE_PEOPLE not in tenant.granted or person.erased_at:
            return "", ""
        if check.code == "no_guardian" or (check.mend == Mend.LINK and person.band == AgeBand.UNDER_14):
            return reverse("person_guardian", args=[tenant.slug, person.pk]), _("Record a guardian")
        if check.mend == Mend.LINK:
            return reverse("person_link", args=[tenant.slug, person.pk]), _("Personal link")
        return reverse("person_edit", args=[tenant.slug, person.pk]), _("Change the record")
    return mend(tenant=tenant, to=check.mend)
