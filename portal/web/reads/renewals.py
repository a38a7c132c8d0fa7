"""What runs out or comes near: a sign's photo, the contract, a legal hold, the filing; and what is not published."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.web.reads.portfolio import FILING_AT, NEAR, faces_of
from portal.web.reads.today import Facts
from portal.web.reads.todo import folded
from tenants.clearance.checks import article_name
from tenants.clearance.rules.devices import SIGN_LIFETIME
from tenants.organizations.roles import Permission as P
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device
from tenants.rights.models import LegalHold
from tenants.rights.services import holds
from tenants.transparency.models import Notice, NoticeState

SOON = timedelta(days=30)
HOLD_SOON = timedelta(days=14)


def renewals(facts: Facts) -> Iterator[dict[str, Any]]:
    """Return the items, each to those who may do something about it. Three queries."""
    yield from _contract(facts)
    yield from _filing(facts)
    yield from _signs(facts)
    if P.VIEW_RETENTION in facts.tenant.granted:
        yield from _holds(facts)
    if P.MANAGE_NOTICES in facts.tenant.granted:
        yield from _draft(facts)


def days_left(last: date, today: date) -> str:
    days = (last - today).days
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days} if days else _("Last day")


def _contract(facts: Facts) -> Iterator[dict[str, Any]]:
    """Only said here: the platform and the company sign a new one (PIPL 21)."""
    last = facts.tenant.handler.contract_ends_on
    if last is not None and facts.today <= last <= facts.today + SOON:
        yield {
            "tone": "due",
            "title": _("The processing contract ends on %(date)s") % {"date": date_format(last, "DATE_FORMAT")},
            "detail": _("After that day faces stop, and are erased after thirty days. Ask the platform for a new one."),
            "article": article_name("PIPL 21"),
            "badge": days_left(last, facts.today),
            "url": "",
            "label": "",
        }


def _filing(facts: Facts) -> Iterator[dict[str, Any]]:
    """Of the company's properties that this member works in: they are told early rather than late (Measures Art 15)."""
    faces = faces_of(facts.tenant.handler_id)
    if faces >= NEAR:
        said = {"faces": intcomma(faces), "most": intcomma(FILING_AT)}
        yield {
            "tone": "due",
            "title": _("Faces stored by the company: %(faces)s") % said
            if faces < FILING_AT
            else _("The company has to file. Faces stored: %(faces)s") % said,
            "detail": _("From %(most)s on it files with the provincial authority within 30 working days.") % said,
            "article": article_name("Art 15"),
            "badge": _("Filing"),
            "url": reverse("portfolio"),
            "label": _("See all properties"),
        }


def _signs(facts: Facts) -> Iterator[dict[str, Any]]:
    """A sign's photo counts for a year; on the day after, the gate suspends the device (Measures Art 13)."""
    soon = []
    for device, _checks in facts.devices:
        last = device.sign_photo_on + SIGN_LIFETIME if device.sign_photo_on else None
        if device.state == DeviceState.ACTIVE and last and facts.today <= last <= facts.today + SOON:
            soon.append((last, device))
    soon.sort(key=lambda pair: pair[0])
    url = f"{reverse('devices', args=[facts.tenant.slug])}?state={DeviceState.ACTIVE}"
    yield from folded(soon, lambda pair: _sign(facts, *pair), what=_("Signs to look at"), url=url)


def _sign(facts: Facts, last: date, device: Device) -> dict[str, Any]:
    manages = P.MANAGE_PREMISES in facts.tenant.granted
    said = {"door": device.access_point.name, "date": date_format(last, "DATE_FORMAT")}
    return {
        "tone": "due",
        "title": _("The photo of the sign at “%(device)s” is nearly a year old") % {"device": device.name},
        "detail": _("%(door)s · after %(date)s the device stops until there is a new photo.") % said,
        "article": article_name("Art 13"),
        "badge": days_left(last, facts.today),
        "url": reverse("device_sign", args=[facts.tenant.slug, device.pk]) if manages else "",
        "label": _("Record the sign"),
    }


def _holds(facts: Facts) -> Iterator[dict[str, Any]]:
    rows = list(holds.in_force(tenant=facts.tenant).filter(ends_on__lte=facts.today + HOLD_SOON).order_by("ends_on"))
    url = reverse("holds", args=[facts.tenant.slug])
    yield from folded(rows, lambda hold: _hold(facts, hold, url), what=_("Legal holds"), url=url)


def _hold(facts: Facts, hold: LegalHold, url: str) -> dict[str, Any]:
    said = {"what": hold.get_kind_display(), "date": date_format(hold.ends_on, "DATE_FORMAT")}
    return {
        "tone": "info",
        "title": _("A legal hold ends on %(date)s") % said,
        "detail": _("%(what)s · what it keeps goes after that day.") % said,
        "article": hold.article,
        "badge": days_left(hold.ends_on, facts.today),
        "url": url,
        "label": _("See the holds"),
    }


def _draft(facts: Facts) -> Iterator[dict[str, Any]]:
    draft = Notice.objects.filter(tenant=facts.tenant, state=NoticeState.DRAFT).only("pk", "version").first()
    if draft is not None:
        yield {
            "tone": "info",
            "title": _("Version %(version)s of the notice is not published") % {"version": draft.version},
            "detail": _("People see the version before it until this one is published."),
            "article": article_name("Art 5"),
            "badge": _("Draft"),
            "url": reverse("notice", args=[facts.tenant.slug, draft.pk]),
            "label": _("Go on with it"),
        }
