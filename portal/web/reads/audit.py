"""The log of one property: what changed, and who read what. Both in words for pages and for tables."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from auditlog.models import LogEntry
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.security.models import AccessEvent
from portal.web.reads.log_words import changed, fact_in_words, model_name
from tenants.organizations.audit import log_of
from tenants.organizations.models import Property, User

# auditlog knows these in English only.
ACTIONS = [
    (LogEntry.Action.CREATE, gettext_lazy("Was added")),
    (LogEntry.Action.UPDATE, gettext_lazy("Was changed")),
    (LogEntry.Action.DELETE, gettext_lazy("Was removed")),
    (LogEntry.Action.ACCESS, gettext_lazy("Was read")),
]


class Line(NamedTuple):
    """One entry in words. `who` is a member's address, or a kind and an id."""

    id: int
    at: Any
    what: str
    who: str
    object: str
    facts: str


def changes(tenant: Property) -> QuerySet[LogEntry]:
    return log_of(tenant.pk).select_related("actor", "content_type").order_by("-timestamp", "-pk")


def reads(tenant: Property) -> QuerySet[AccessEvent]:
    return AccessEvent.objects.filter(tenant=tenant.pk).order_by("-at", "-pk")


def change_lines(rows: Iterable[LogEntry]) -> list[Line]:
    """Say what changed: the fields and their new values, in the reader's language."""
    said = dict(ACTIONS)
    return [
        Line(
            id=row.pk,
            at=row.timestamp,
            what=str(said[row.action]),
            who=_named(row.actor.email if row.actor else "", (row.additional_data or {}).get("actor", "")),
            object=_object(row),
            facts=_changes(row),
        )
        for row in rows
    ]


def read_lines(rows: Iterable[AccessEvent]) -> list[Line]:
    """Say who read what. One query for the members among them, by session or by token."""
    rows = list(rows)
    members = {row.pk: row.actor.removeprefix("user:") for row in rows if row.actor.startswith("user:")}
    members |= {row.pk: row.facts["user"] for row in rows if row.actor.startswith("token:") and "user" in row.facts}
    emails = {str(pk): email for pk, email in User.objects.filter(pk__in=members.values()).values_list("pk", "email")}
    return [
        Line(
            id=row.pk,
            at=row.at,
            what=row.get_kind_display(),
            who=_named(emails.get(members.get(row.pk, ""), ""), row.actor),
            object=row.subject,
            facts="; ".join(fact_in_words(name, value) for name, value in row.facts.items()),
        )
        for row in rows
    ]


def _object(row: LogEntry) -> str:
    """Name the row: its kind in words, and the id by which it is searched. A kind of an earlier release has none."""
    model = row.content_type.model_class()
    return f"{model_name(model) if model else row.content_type.model} {row.object_pk}"


def _changes(row: LogEntry) -> str:
    model = row.content_type.model_class()
    return "; ".join(changed(model, row.changes or {}, is_new=row.action == LogEntry.Action.CREATE)) if model else ""


def _named(email: str, actor: str) -> str:
    """Say who it was: a member, a member by a token of theirs, or by its kind and id whatever else acts."""
    if email and actor.startswith("token:"):
        return _("%(email)s by an API token") % {"email": email}
    return email or actor or _("somebody without an account")
