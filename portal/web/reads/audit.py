"""The log of one property: what changed, and who read what. Both in words for pages and for tables."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from auditlog.models import LogEntry
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.log_words.facts import fact_said, subject_said
from portal.log_words.fields import action_in_words, changed, model_name
from portal.log_words.said import Said
from portal.security.models import AccessEvent
from tenants.organizations.audit import log_of
from tenants.organizations.models import Property, User

# A row of the page shows so many; a file has all.
SHOWN = 8


class Line(NamedTuple):
    """One entry in words."""

    id: int
    at: Any
    what: str
    who: Said
    object: Said
    facts: list[Said]

    @property
    def shown(self) -> list[Said]:
        return [*self.facts[:SHOWN], *([Said("…")] if len(self.facts) > SHOWN else [])]

    @property
    def cells(self) -> list[Any]:
        """The same for a table."""
        facts = "; ".join(str(fact) for fact in self.facts)
        return [self.id, self.at, self.what, str(self.who), str(self.object), facts]


def changes(tenant: Property) -> QuerySet[LogEntry]:
    return log_of(tenant.pk).select_related("actor", "content_type").order_by("-timestamp", "-pk")


def reads(tenant: Property) -> QuerySet[AccessEvent]:
    return AccessEvent.objects.filter(tenant=tenant.pk).order_by("-at", "-pk")


def change_lines(rows: Iterable[LogEntry]) -> list[Line]:
    """Say what changed: the fields and their new values, in the reader's language."""
    return [
        Line(
            id=row.pk,
            at=row.timestamp,
            what=action_in_words(row),
            who=_who(row.actor.email if row.actor else "", (row.additional_data or {}).get("actor", "")),
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
            who=_who(emails.get(members.get(row.pk, ""), ""), row.actor),
            object=subject_said(row.subject),
            facts=[fact_said(name, value) for name, value in row.facts.items()],
        )
        for row in rows
    ]


def _object(row: LogEntry) -> Said:
    """Name the row: its kind in words, and the id by which it is searched. A kind of an earlier release has none."""
    model = row.content_type.model_class()
    return Said(model_name(model), row.object_pk) if model else Said("", f"{row.content_type.model} {row.object_pk}")


def _changes(row: LogEntry) -> list[Said]:
    model = row.content_type.model_class()
    return [*changed(model, row.changes or {}, is_new=row.action == LogEntry.Action.CREATE)] if model else []


def _who(email: str, actor: str) -> Said:
    """Say who it was: a member, a member by a token of theirs, or by its kind and id whatever else acts."""
    if email and actor.startswith("token:"):
        return Said(_("%(email)s by an API token") % {"email": email})
    if email:
        return Said(email)
    return subject_said(actor) if actor else Said(_("somebody without an account"))
