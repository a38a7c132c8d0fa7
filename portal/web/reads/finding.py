"""One search over a property: pages, people, devices, doors, requests, complaints, notices, as far as a member may see.

Two queries for each kind at most, whatever the property's size.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.web.filters.people import matching
from portal.web.navigation import GROUPS
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission as P
from tenants.people.kinds import AgeBand
from tenants.people.models import Person
from tenants.people.services.minors import visible_to
from tenants.premises.models import AccessPoint, Device
from tenants.rights.models import Complaint, RightsRequest
from tenants.rights.rules import OPEN_STATES
from tenants.transparency.models import Notice
from tenants.transparency.rules.notices import FIELDS

SHOWN = 5
LONGEST = 80


@dataclass
class Hits:
    """What was found of one kind: the first few, how many there are, and where the list of them all is."""

    label: str | Promise
    more_url: str
    count: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)


def find(tenant: Property, actor: User, words: str) -> tuple[list[Hits], int]:
    """Return the kinds in which something was found, and how many people are named: the caller notes that read."""
    words = words.strip().replace("\x00", "")[:LONGEST]
    if not words:
        return [], 0
    kinds: list[tuple[P, Callable[[], Hits]]] = [
        (P.VIEW_PEOPLE, lambda: _people(tenant, actor, words)),
        (P.VIEW_PREMISES, lambda: _devices(tenant, words)),
        (P.VIEW_PREMISES, lambda: _doors(tenant, words)),
        (P.VIEW_REQUESTS, lambda: _requests(tenant, words)),
        (P.VIEW_REQUESTS, lambda: _complaints(tenant, words)),
        (P.VIEW_NOTICES, lambda: _notices(tenant, words)),
    ]
    hits = [_pages(tenant, words), *(make() for permission, make in kinds if permission in tenant.granted)]
    named = next((len(one.rows) for one in hits if one.label == PEOPLE), 0)
    for one in hits:
        if one.more_url:
            asked = {"q": words} | ({"tab": "all"} if one.label in IN_PARTS else {})
            one.more_url = f"{one.more_url}?{urlencode(asked)}"
    return [one for one in hits if one.count], named


PEOPLE, REQUESTS, COMPLAINTS = _("People"), _("Requests"), _("Complaints")
# Their lists begin with what is open, and the search finds what is over as well.
IN_PARTS = (REQUESTS, COMPLAINTS)


def _hits(label: str | Promise, found: QuerySet[Any], row: Callable[[Any], dict[str, Any]], more_url: str) -> Hits:
    first = list(found[: SHOWN + 1])
    count = len(first) if len(first) <= SHOWN else found.count()
    return Hits(label, more_url, count, [row(one) for one in first[:SHOWN]])


def _at(tenant: Property, name: str, *keys: Any) -> str:
    return reverse(name, args=[tenant.slug, *keys])


def _pages(tenant: Property, words: str) -> Hits:
    """The pages of the navigation by their name: the fastest way there for who knows it. No query."""
    rows = [
        {"title": label, "detail": group, "url": _at(tenant, name)}
        for group, name, label in _entries(tenant)
        if words.casefold() in str(label).casefold()
    ]
    return Hits(_("Pages of this portal"), "", len(rows), rows[:SHOWN])


def _entries(tenant: Property) -> Iterator[tuple[str | Promise, str, str | Promise]]:
    for group, entries in GROUPS:
        for name, label, _icon, permission in entries:
            if permission in tenant.granted:
                yield group, name, label


def _people(tenant: Property, actor: User, words: str) -> Hits:
    """As the list of people searches: a minor whose record is closed is found by the code only, and shown by it."""
    hidden = Case(When(visible_to(tenant=tenant, actor=actor), then=Value(False)), default=Value(True))
    rows = Person.objects.filter(tenant=tenant, erased_at__isnull=True).annotate(is_hidden=hidden)
    found = matching(rows, words, named=Q(is_hidden=False)).select_related("identity").order_by("-created_at", "pk")

    def row(person: Any) -> dict[str, Any]:
        title = person.code if person.is_hidden else person.identity.name
        detail = _("Minor: opened after a second member's yes") if person.is_hidden else person.identity.room
        return {"title": title, "detail": detail, "url": _at(tenant, "person", person.pk)}

    return _hits(PEOPLE, found, row, _at(tenant, "people"))


def _devices(tenant: Property, words: str) -> Hits:
    wanted = Q()
    for name in ("name", "vendor", "model", "serial", "access_point__name", "access_point__zone__name"):
        wanted |= Q(**{f"{name}__icontains": words})
    found = Device.objects.filter(wanted, tenant=tenant).select_related("access_point").order_by("name", "pk")

    def row(device: Device) -> dict[str, Any]:
        detail = f"{device.access_point.name} · {device.get_state_display()}"
        return {"title": device.name, "detail": detail, "url": _at(tenant, "device", device.pk)}

    return _hits(_("Devices"), found, row, _at(tenant, "devices"))


def _doors(tenant: Property, words: str) -> Hits:
    found = AccessPoint.objects.filter(tenant=tenant, name__icontains=words).select_related("zone")
    manages, premises = P.MANAGE_PREMISES in tenant.granted, _at(tenant, "premises")

    def row(door: AccessPoint) -> dict[str, Any]:
        url = _at(tenant, "door_edit", door.pk) if manages else premises
        return {"title": door.name, "detail": door.zone.name, "url": url}

    return _hits(_("Doors"), found.order_by("name", "pk"), row, premises)


def _requests(tenant: Property, words: str) -> Hits:
    """By number or name; who is not known to be an adult is found by the number only (Minors Reg. 36)."""
    grown = Q(person__isnull=True) | Q(person__age_band=AgeBand.ADULT)
    named = grown & (Q(name__icontains=words) | Q(person__identity__name__icontains=words))
    rows = RightsRequest.objects.filter(Q(number__icontains=words) | named, tenant=tenant)
    is_open = Case(When(state__in=OPEN_STATES, then=Value(0)), default=Value(1))
    found = rows.annotate(is_over=is_open).order_by("is_over", "due_on", "pk")

    def row(request: RightsRequest) -> dict[str, Any]:
        title = f"{request.number} · {request.get_kind_display()}"
        return {"title": title, "detail": request.get_state_display(), "url": _at(tenant, "request", request.pk)}

    return _hits(REQUESTS, found, row, _at(tenant, "requests"))


def _complaints(tenant: Property, words: str) -> Hits:
    grown = Q(person__isnull=True) | Q(person__age_band=AgeBand.ADULT)
    said = grown & (Q(name__icontains=words) | Q(text__icontains=words))
    found = Complaint.objects.filter(Q(number__icontains=words) | said, tenant=tenant).order_by("due_on", "pk")

    def row(complaint: Complaint) -> dict[str, Any]:
        url = _at(tenant, "complaint", complaint.pk)
        return {"title": complaint.number, "detail": complaint.get_state_display(), "url": url}

    return _hits(COMPLAINTS, found, row, _at(tenant, "complaints"))


def _notices(tenant: Property, words: str) -> Hits:
    """By the number of the version, or by what a version says."""
    wanted = Q()
    for name in FIELDS:
        wanted |= Q(**{f"{name}__icontains": words})
    if words.isdigit() and len(words) < 9:
        wanted |= Q(version=int(words))
    found = Notice.objects.filter(wanted, tenant=tenant).order_by("-version")

    def row(notice: Notice) -> dict[str, Any]:
        title = _("Version %(version)s") % {"version": notice.version}
        return {"title": title, "detail": notice.get_state_display(), "url": _at(tenant, "notice", notice.pk)}

    return _hits(_("Notices"), found, row, _at(tenant, "notices"))
