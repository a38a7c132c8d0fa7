"""What happened in words: what a fact of an event or an alert is called, what its code means, whom it is about."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.apps import apps
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.log_words.said import Said
from portal.security.audit.verification import Fault
from portal.sign_in.recovery import Proof
from portal.work import runners
from portal.work.kinds import JobKind
from recognition.edge.kinds import AlarmKind
from tenants.organizations.roles import Permission, Role

# What is written down beside whom it is about.
FACTS: dict[str, str | Promise] = {
    "about": _("Last about"),
    "address": _("Network address"),
    "alarm": _("Alarm"),
    "broken": _("Entries that are not as they were"),
    "by": _("By"),
    "count": _("How many"),
    "downloads": _("Times fetched"),
    "emergency": _("Emergency access"),
    "fault": _("What is wrong"),
    "first": _("The first of them"),
    "gone": _("Rows that are gone"),
    "id": _("Entry"),
    "limit": _("Limit"),
    "minutes": _("Within minutes"),
    "proof": _("Proof"),
    "reason": _("Reason"),
    "right": _("Right"),
    "role": _("Role"),
    "route": _("Page"),
    "seconds": _("Seconds"),
    "seen": _("Times seen"),
    "statements": _("Statements"),
    "step": _("Step"),
    "table": _("Table"),
    "unexplained": _("Rows that no entry explains"),
    "user": _("Member"),
    "what": _("What"),
}
_WHAT: dict[str, str | Promise] = {
    "audit-changes": _("the log of changes"),
    "audit-reads": _("the log of reads"),
    "backup": _("backup"),
    "bundle": _("evidence bundle"),
}
# Kinds of things that events name by kind and id, where the kind is not the name of a table of ours.
SUBJECTS: dict[str, str | Promise] = {
    "account": _("an account that is not there"),
    "address": _("somebody without an account"),
    "clock": _("the clock of the server"),
    "command": _("the platform"),
    "database": _("the database"),
    "device": _("a terminal"),
    "emergency": _("emergency access"),
    "property": _("the whole property"),
    "request": _("request"),
    "role": _("a role in the database"),
    "table": _("table"),
    "token": _("an API token"),
    "user": _("account"),
    "worker": _("the portal"),
}
# Their kind says all.
WHOLE = {"clock", "property", "worker"}


def work_title(what: str) -> str:
    """Return what a member calls long work of this name; "" for work that this version does not know."""
    known = (runners.title_of(kind, what) for kind in JobKind if runners.page_of(kind, what))
    return str(next(known, ""))


def _what(code: str) -> Any:
    """A right that was missing, what was taken out, or the list of the platform's that was looked at."""
    labels: Mapping[str, Any] = _WHAT | dict(Permission.choices)
    if code in labels:
        return labels[code]
    if re.fullmatch(r"\w+\.\w+", code):
        app, _dot, name = code.partition(".")
        found = apps.all_models.get(app, {}).get(name)
        return found._meta.verbose_name_plural if found else ""
    return work_title(code)


def _table(name: str) -> Any:
    return next((model._meta.verbose_name for model in apps.get_models() if model._meta.db_table == name), "")


# What each code means that can stand in a fact.
WORDS: dict[str, Callable[[str], Any]] = {
    "alarm": dict(AlarmKind.choices).get,
    "by": {"token": _("API token"), "password": _("password")}.get,
    "fault": dict(Fault.choices).get,
    "limit": {"flood": _("requests without a pause"), "page": _("tries on one page")}.get,
    "proof": dict(Proof.choices).get,
    "reason": {
        "stranger": _("no member there"),
        "right": _("the role may not"),
        "id": _("no such record here"),
    }.get,
    "right": dict(Permission.choices).get,
    "role": dict(Role.choices).get,
    "step": {"second_factor": _("second step of signing in")}.get,
    "table": _table,
    "what": _what,
}
# What is a code for everybody: an id, a hash, the name of an address in the program.
CODES = {"address", "emergency", "first", "id", "route", "user"}


def fact_said(name: str, value: object) -> Said:
    """Say one fact: its name and its value; what has no words is a code, for whoever searches with it."""
    return value_said(name, value)._replace(name=str(FACTS.get(name, name)))


def value_said(name: str, value: object) -> Said:
    if isinstance(value, int):
        return Said("", str(value)) if name in CODES else Said(number_format(value, force_grouping=True))
    code = str(value)
    if name == "about":
        return subject_said(code)
    words = str(WORDS[name](code) or "") if name in WORDS else ""
    return Said(words) if words else Said("", code)


def subject_said(subject: str) -> Said:
    """Say whom or what something is about, "<kind>:<id>": its kind in words, its id as a code."""
    kind, _colon, key = subject.partition(":")
    words = kind_in_words(kind)
    if not words:
        return Said("", subject)
    return Said(words) if kind in WHOLE else Said(words, key)


def kind_in_words(kind: str) -> str:
    """Return what a kind of things is called, "" for one that nobody knows."""
    if kind in SUBJECTS:
        return str(SUBJECTS[kind])
    return next((str(model._meta.verbose_name) for model in apps.get_models() if model._meta.model_name == kind), "")
