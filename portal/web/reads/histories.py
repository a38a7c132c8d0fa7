"""The history of every kind of thing: who may read it, what it is called, and which rows of the log belong to it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.web.reads.timelines import Timeline, timeline
from tenants.organizations.models import Property
from tenants.organizations.roles import Permission as P

# Of each kind of row that belongs to a thing: the log is read by their ids.
MOST_ROWS = 200


@dataclass(frozen=True)
class Kind:
    """`rows` are the thing itself and what belongs to it; `page` is where its reader comes from."""

    model: str
    permission: P
    title: str | Promise
    rows: Callable[[Any], Iterable[Model]]
    page: Callable[[str, Any], str]


def _page(name: str) -> Callable[[str, Any], str]:
    return lambda slug, row: reverse(name, args=[slug, row.pk])


def _list(name: str) -> Callable[[str, Any], str]:
    return lambda slug, _row: reverse(name, args=[slug])


def _some(rows: Any) -> Iterable[Model]:
    return list(rows.all()[:MOST_ROWS])


def _of(model: str, **about: Any) -> Iterable[Model]:
    """Rows of a model that has no way back from the thing, by their keys alone."""
    return list(apps.get_model(model)._default_manager.filter(**about).only("pk", "tenant")[:MOST_ROWS])


def _device(row: Any) -> Iterable[Model]:
    return [row, *_some(row.losses), *_some(row.keys)]


def _erasure(row: Any) -> Iterable[Model]:
    certificates = apps.get_model("rights.Certificate")._default_manager.filter(erasure=row).defer("body")
    return [row, *_some(row.receipts), *certificates]


def _person(row: Any) -> Iterable[Model]:
    return [
        row,
        *_some(row.consents.select_related("guardian")),
        *_some(row.enrollments),
        *_some(row.erasures),
        *_some(row.links),
        *_some(row.passes),
        *_some(row.requests),
    ]


KINDS: dict[str, Kind] = {
    "device": Kind("premises.Device", P.VIEW_PREMISES, _("Device"), _device, _page("device")),
    "door": Kind(
        "premises.AccessPoint", P.VIEW_PREMISES, _("Door"), lambda row: [row, *_some(row.methods)], _list("premises")
    ),
    "zone": Kind("premises.Zone", P.VIEW_PREMISES, _("Zone"), lambda row: [row], _list("premises")),
    "notice": Kind("transparency.Notice", P.VIEW_NOTICES, _("Notice"), lambda row: [row], _page("notice")),
    "assessment": Kind(
        "transparency.Assessment",
        P.VIEW_ASSESSMENTS,
        _("Impact assessment"),
        lambda row: [row, *_some(row.contributions), *_some(row.risks)],
        _page("assessment"),
    ),
    "person": Kind("people.Person", P.VIEW_PEOPLE, _("Person"), _person, _page("person")),
    "request": Kind(
        "rights.RightsRequest",
        P.VIEW_REQUESTS,
        _("Request"),
        lambda row: [row, *_some(row.erasures)],
        _page("request"),
    ),
    "complaint": Kind("rights.Complaint", P.VIEW_REQUESTS, _("Complaint"), lambda row: [row], _page("complaint")),
    "erasure": Kind("rights.Erasure", P.VIEW_RETENTION, _("Erasure"), _erasure, _page("erasure")),
    "alert": Kind("security.Alert", P.VIEW_ALERTS, _("Alert"), lambda row: [row], _page("alert")),
    "hold": Kind("rights.LegalHold", P.VIEW_RETENTION, _("Legal hold"), lambda row: [row], _list("holds")),
    "member": Kind("organizations.Membership", P.VIEW_MEMBERS, _("Member"), lambda row: [row], _list("members")),
    "token": Kind("security.ApiToken", P.MANAGE_MEMBERS, _("API token"), lambda row: [row], _list("tokens")),
    "property": Kind(
        "organizations.Property",
        P.MANAGE_PROPERTY,
        _("Property"),
        lambda row: [row, *_of("security.AlertSettings", tenant=row)],
        _list("settings"),
    ),
}


def find(what: str, tenant: Property, pk: Any) -> Any | None:
    """Return the thing itself, None for a kind that is none and for what is not of this property."""
    kind = KINDS.get(what)
    if kind is None:
        return None
    model = apps.get_model(kind.model)
    if model is Property:
        return tenant if pk == tenant.pk else None
    # Alerts name their property by id, everything else by a key to it.
    is_keyed = model._meta.get_field("tenant").is_relation
    return model._default_manager.filter(tenant=tenant if is_keyed else tenant.pk, pk=pk).first()


def history(what: str, tenant: Property, row: Any) -> Timeline:
    """Return the newest of what happened to a thing, and where the rest is."""
    return timeline(
        tenant=tenant, rows=KINDS[what].rows(row), all_url=reverse("history", args=[tenant.slug, what, row.pk])
    )
