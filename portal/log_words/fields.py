"""The log of changes in words: what a row, a field and its value are called, what was done, and who did it.

The log itself keeps codes and ids, which never change; pages and tables say them in the reader's language.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from auditlog.models import LogEntry
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.formats.phones import phone
from portal.log_words.facts import kind_in_words, subject_said, work_title
from portal.log_words.said import MOST_LETTERS, Said
from portal.security.alerts.words import words_of
from portal.security.webhooks.events import Event
from recognition.enrollment import reasons
from recognition.enrollment.lookalikes import RESEMBLES_ANOTHER
from tenants.clearance.checks import article_name
from tenants.organizations.roles import Permission
from tenants.people.models import Person
from tenants.people.rules import invitations
from tenants.rights import stores

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

# auditlog knows these in English only.
ACTIONS: list[tuple[int, str | Promise]] = [
    (LogEntry.Action.CREATE, gettext_lazy("Was added")),
    (LogEntry.Action.UPDATE, gettext_lazy("Was changed")),
    (LogEntry.Action.DELETE, gettext_lazy("Was removed")),
    (LogEntry.Action.ACCESS, gettext_lazy("Was read")),
]


def _store(name: str) -> Any:
    return next((store.label for store in stores.stores() if store.name == name), "")


# Codes that stand in a field without choices of its own, and who knows their words.
WORDED: dict[str, Callable[[str], Any]] = {
    "security.Alert.rule": lambda code: words_of(code).title,
    "rights.ErasureReceipt.store": _store,
    "rights.LegalHold.article": article_name,
    "work.Job.what": work_title,
    "enrollment.Enrollment.reason": reasons.sentence,
    "enrollment.Enrollment.warning": {RESEMBLES_ANOTHER: gettext_lazy("Looks like somebody else's face")}.get,
    "people.Invitation.reason": invitations.sentence,
}
# What stands in a list of codes.
LISTED: dict[str, type[models.TextChoices]] = {
    "security.ApiToken.scopes": Permission,
    "security.WebhookEndpoint.events": Event,
}
# Names that programs gave: of a key, a model, a task, an exception, a ready-made text; a part of an address.
CODES = {
    "edge.DeviceKey.thumbprint",
    "enrollment.Enrollment.model_version",
    "operations.FailedTask.error",
    "operations.FailedTask.task",
    "organizations.Property.slug",
    "rights.Certificate.key_id",
    "rights.RequestMessage.template",
    "vault.FaceTemplate.model_version",
    "vault.HandlerKey.master",
}
SUBJECTS = {"security.Alert.subject"}


def model_name(model: type[models.Model]) -> str:
    return str(MODELS.get(model._meta.model_name or "", model._meta.verbose_name))


def field_name(field: "models.Field[Any, Any]") -> str:
    """Return what a field is called: as its forms call it, or as the list above does."""
    label = field.verbose_name
    return str(label if isinstance(label, Promise) else FIELDS.get(field.name, label))


def path(field: "models.Field[Any, Any]") -> str:
    return f"{field.model._meta.label}.{field.name}"


def value_said(field: "models.Field[Any, Any]", value: str) -> Said:
    """Say a logged value; nothing where it is an id of a row, a structure or a text that no sentence can hold."""
    where = path(field)
    if value in {"None", "", "[]"}:
        return Said("–")
    if where in CODES:
        return Said("", value[:MOST_LETTERS])
    if where in SUBJECTS:
        return subject_said(value)
    if where in WORDED:
        return _known(WORDED[where], value)
    if where in LISTED:
        labels = dict(LISTED[where].choices)
        return Said(
            str(_(", ")).join(str(labels.get(code, code)) for code in value.strip("[]").replace("'", "").split(", "))
        )
    return Said(_plain(field, value))


def _known(words: Callable[[str], Any], code: str) -> Said:
    """Say a code in its words; one of an earlier release is a code."""
    try:
        said = str(words(code) or "")
    except (KeyError, ValueError):
        said = ""
    return Said(said) if said and said != code else Said("", code)


def _plain(field: "models.Field[Any, Any]", value: str) -> str:
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
    if isinstance(field, models.IntegerField) and value.isdigit():
        return number_format(int(value), force_grouping=True)
    if "phone" in field.name:
        return phone(value)
    is_long = isinstance(field, models.JSONField | models.TextField | ArrayField) or "hash" in field.name
    return "" if is_long or field.is_relation else value[:MOST_LETTERS]


def changed(model: type[models.Model], changes: Mapping[str, Any], *, is_new: bool = False) -> Iterator[Said]:
    """Say of each field of a change what it is now; of a new row only what it has. A field that is gone is left out."""
    fields = {field.name: field for field in model._meta.get_fields() if isinstance(field, models.Field)}
    for name, values in changes.items():
        if name not in fields or not isinstance(values, list) or fields[name].related_model is Person:
            continue
        if is_new and str(values[-1]) in {"None", "", "[]"}:
            continue
        yield value_said(fields[name], str(values[-1]))._replace(name=field_name(fields[name]))


def action_in_words(entry: LogEntry) -> str:
    return str(dict(ACTIONS)[entry.action])


def actor_in_words(entry: LogEntry) -> Any:
    """Say who acted: a member by name, everybody else by what they are."""
    if entry.actor is not None:
        return entry.actor
    return kind_in_words(str((entry.additional_data or {}).get("actor", "")).partition(":")[0])
