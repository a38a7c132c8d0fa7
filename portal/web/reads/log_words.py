"""The log in words: what a row is called, what a field and its value are called, what a fact means, who acted.

The log itself keeps codes and ids, which never change; pages and tables say them in the reader's language.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from auditlog.models import LogEntry
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.security.alerts.words import words_of
from portal.security.models import Alert
from tenants.organizations.roles import Permission
from tenants.people.models import Person

# Fields that have no name in their model, because no form shows them.
FIELDS: dict[str, str | Promise] = {
    "access": gettext_lazy("Access"),
    "answered_by": gettext_lazy("Answered by"),
    "approved_by": gettext_lazy("Approved by"),
    "asked_by": gettext_lazy("Asked by"),
    "assessment": gettext_lazy("Impact assessment"),
    "author": gettext_lazy("Author"),
    "cancelled_at": gettext_lazy("Cancelled"),
    "changed_at": gettext_lazy("Changed"),
    "child": gettext_lazy("Child"),
    "content_hash": gettext_lazy("Fingerprint"),
    "credential": gettext_lazy("Pass"),
    "destroyed_at": gettext_lazy("Destroyed"),
    "door": gettext_lazy("Door"),
    "ended_at": gettext_lazy("Ended"),
    "erasure": gettext_lazy("Erasure"),
    "expires_at": gettext_lazy("Valid until"),
    "generation": gettext_lazy("Generation"),
    "guardian": gettext_lazy("Guardian"),
    "handled_by": gettext_lazy("Handled by"),
    "handler": gettext_lazy("Company"),
    "handlers": gettext_lazy("Companies"),
    "height": gettext_lazy("Height"),
    "identity_checked_by": gettext_lazy("Identity checked by"),
    "is_copied": gettext_lazy("Used by two machines"),
    "lifted_by": gettext_lazy("Lifted by"),
    "made_by": gettext_lazy("Made by"),
    "master": gettext_lazy("Master key"),
    "membership": gettext_lazy("Member"),
    "merged_into": gettext_lazy("Answered together with"),
    "message": gettext_lazy("Message"),
    "model_version": gettext_lazy("Face model"),
    "notice": gettext_lazy("Notice"),
    "number": gettext_lazy("Number"),
    "person": gettext_lazy("Person"),
    "plan": gettext_lazy("Floor plan"),
    "request": gettext_lazy("Request"),
    "requested_by": gettext_lazy("Asked by"),
    "revoked_at": gettext_lazy("Ended"),
    "revoked_by": gettext_lazy("Ended by"),
    "rule": gettext_lazy("Rule"),
    "scopes": gettext_lazy("Rights"),
    "settings": gettext_lazy("Settings"),
    "severity": gettext_lazy("Severity"),
    "signed_by": gettext_lazy("Signed by"),
    "started_by": gettext_lazy("Started by"),
    "state": gettext_lazy("State"),
    "subject": gettext_lazy("About"),
    "tenant": gettext_lazy("Property"),
    "user": gettext_lazy("Member"),
    "ways": gettext_lazy("How they are told"),
    "webhook_changed_at": gettext_lazy("Webhook changed"),
    "what": gettext_lazy("What"),
    "width": gettext_lazy("Width"),
    "x": gettext_lazy("From the left"),
    "y": gettext_lazy("From the top"),
    "zone": gettext_lazy("Zone"),
}
# Rows whose model is the installation's own and has no name in words.
MODELS: dict[str, str | Promise] = {
    "handlerkey": gettext_lazy("key of the company"),
    "personkey": gettext_lazy("key of a person"),
    "facetemplate": gettext_lazy("face template"),
}

# What an event or an alert writes down beside whom it is about.
FACTS: dict[str, str | Promise] = {
    "about": gettext_lazy("Last about"),
    "address": gettext_lazy("Network address"),
    "alarm": gettext_lazy("Alarm"),
    "by": gettext_lazy("By"),
    "count": gettext_lazy("Number"),
    "downloads": gettext_lazy("Times fetched"),
    "format": gettext_lazy("Format"),
    "limit": gettext_lazy("Limit"),
    "minutes": gettext_lazy("Within minutes"),
    "proof": gettext_lazy("Proof"),
    "reason": gettext_lazy("Reason"),
    "right": gettext_lazy("Right"),
    "route": gettext_lazy("Page"),
    "seconds": gettext_lazy("Seconds"),
    "seen": gettext_lazy("Times seen"),
    "step": gettext_lazy("Step"),
    "user": gettext_lazy("Member"),
    "what": gettext_lazy("What"),
}
# Codes that stand in facts.
CODES: dict[str, str | Promise] = {
    "stranger": gettext_lazy("no member there"),
    "right": gettext_lazy("the role may not"),
    "id": gettext_lazy("no such record here"),
    "token": gettext_lazy("API token"),
    "password": gettext_lazy("password"),
    "second_factor": gettext_lazy("second step of signing in"),
    "backup": gettext_lazy("backup"),
    "page": gettext_lazy("pages"),
    **{permission.value: permission.label for permission in Permission},
}
ACTORS: dict[str, str | Promise] = {
    "token": gettext_lazy("an API token"),
    "device": gettext_lazy("a terminal"),
    "worker": gettext_lazy("the portal"),
    "command": gettext_lazy("the platform"),
    "address": gettext_lazy("somebody without an account"),
}
MOST_LETTERS = 60


def model_name(model: type[models.Model]) -> str:
    return str(MODELS.get(model._meta.model_name or "", model._meta.verbose_name))


def field_name(field: "models.Field[Any, Any]") -> str:
    """Return what a field is called: as its forms call it, or as the list above does."""
    named = field.verbose_name
    return str(named if isinstance(named, Promise) else FIELDS.get(field.name, named))


def value_in_words(field: "models.Field[Any, Any]", value: str) -> str:
    """Return a logged value in words, or nothing where it is an id, a list or a text that a sentence cannot hold."""
    if value in {"None", ""}:
        return "–"
    if field.model is Alert and field.name == "rule":
        return str(words_of(value).title)
    labels = {str(code): str(label) for code, label in (field.flatchoices or [])}
    if value in labels:
        return labels[value]
    if isinstance(field, models.BooleanField):
        return str(_("Yes") if value == "True" else _("No"))
    if isinstance(field, models.DateTimeField):
        moment = parse_datetime(value)
        return date_format(localtime(moment), "DATETIME_FORMAT") if moment and moment.tzinfo else ""
    if isinstance(field, models.DateField):
        day = parse_date(value)
        return date_format(day, "DATE_FORMAT") if day else ""
    is_long = field.is_relation or isinstance(field, models.JSONField | models.TextField) or "hash" in field.name
    return "" if is_long else value[:MOST_LETTERS]


def changed(model: type[models.Model], changes: Mapping[str, Any], *, is_new: bool = False) -> Iterator[str]:
    """Say of each field of a change what it is now; of a new row only what it has. A field that is gone is left out."""
    fields = {field.name: field for field in model._meta.get_fields() if isinstance(field, models.Field)}
    for name, values in changes.items():
        if name not in fields or not isinstance(values, list) or fields[name].related_model is Person:
            continue
        if is_new and str(values[-1]) in {"None", "", "[]"}:
            continue
        said = value_in_words(fields[name], str(values[-1]))
        label = field_name(fields[name])
        yield _("%(field)s: %(value)s") % {"field": label, "value": said} if said else label


def fact_in_words(name: str, value: object) -> str:
    """Say one fact of an event: its name and its value, an id as the id it is."""
    said = _("%(field)s: %(value)s")
    return said % {"field": FACTS.get(name, name), "value": code_in_words(value)}


def code_in_words(value: object) -> str:
    return str(CODES.get(str(value), value))


def actor_in_words(entry: LogEntry) -> Any:
    """Say who acted: a member by name, everybody else by what they are."""
    if entry.actor is not None:
        return entry.actor
    kind = str((entry.additional_data or {}).get("actor", "")).partition(":")[0]
    return ACTORS.get(kind, "")
