"""What the walk cannot read, said by hand from the lists that the code itself uses."""

import ast
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Model

from recognition.edge.refusals import Refusal
from recognition.engine.codes import RejectionCode
from recognition.engine.codes import sentence as of_photo
from recognition.matching.answers import TIMEOUT
from recognition.matching.answers import sentence as of_answer
from tenants.clearance import rules
from tenants.clearance.checks import Severity
from tenants.organizations import limits
from tenants.organizations.models import Property
from tenants.rights.services import moving
from tenants.transparency.rules import publishing
from tenants.transparency.rules.phrases import FORBIDDEN
from tests.portal.api.refusals.kinds import BAD_REQUEST, plain_text
from tests.portal.api.refusals.scope import Scope, parsed, plain

Told = Iterator[tuple[int, str, str]]


def _rules(*checked: tuple[Any, ...]) -> Callable[[], Told]:
    def told() -> Told:
        for rule in (one for several in (rules.sites.RULES, *checked) for one in several):
            if rule.severity == Severity.BLOCKS:
                yield BAD_REQUEST, rule.code, plain_text(rule.broken)

    return told


def _photos() -> Told:
    for code in RejectionCode:
        yield BAD_REQUEST, code.value, plain_text(of_photo(code))


def _signatures() -> Told:
    for code in Refusal:
        yield 401, code.value, plain_text(code.label)


def _timeout() -> Told:
    yield from _photos()
    yield 503, TIMEOUT, plain_text(of_answer(TIMEOUT))


def _steps() -> Told:
    for need, text in moving._SENTENCES.items():
        yield BAD_REQUEST, f"needs_{need}", plain_text(text)


def _findings() -> Told:
    for phrase in FORBIDDEN:
        yield BAD_REQUEST, phrase.code, plain_text(phrase.sentence)
    function = plain(publishing.all_findings)
    tree = parsed(function)
    assert tree is not None
    scope = Scope(function, None, tree)
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "_block":
            for sentence in scope.said(call.args[3], call.lineno)[-1]:
                yield BAD_REQUEST, ast.literal_eval(call.args[0]), sentence


def _limits() -> Told:
    for name in ("max_devices", "max_people"):
        yield BAD_REQUEST, "limit_reached", plain_text(limits._REACHED[name])


def _unfinished() -> Told:
    yield BAD_REQUEST, "missing", "This item is required."
    yield BAD_REQUEST, "blank", ""


def _nothing() -> Told:
    yield from ()


# Functions whose codes are made somewhere else, by their names. Nothing where whoever calls is told of instead.
TOLD: dict[str, Callable[[], Told]] = {
    "portal.api.authentication.SignatureRefused.__init__": _signatures,
    "portal.api.views.terminals.MatchViews._say": _timeout,
    "recognition.enrollment.captures.require_photo": _photos,
    "tenants.clearance.services._require": _nothing,
    "tenants.clearance.services.activate_device": _rules(rules.places.RULES, rules.devices.RULES),
    "tenants.clearance.services.require_person": _rules(rules.persons.RULES, rules.consents.RULES),
    "tenants.clearance.services.require_enrollment": _rules(rules.persons.RULES, rules.consents.RULES),
    "tenants.organizations.limits.require_room": _limits,
    "tenants.rights.services.moving.move": _steps,
    "tenants.transparency.services.notices.blocking_errors": _findings,
    "tenants.transparency.services.refusals.refusals": _unfinished,
}
# Rows whose class is the caller's matter.
ROWS: dict[str, type[Model]] = {"tenants.organizations.services.properties._update": Property}
# What refuses nothing to who asks, with the reason.
ELSEWHERE = {
    "portal.security.alerts.answers.give": "what refuses the answer to an alert is written into the alert",
    "tenants.clearance.consequences.facts_changed": "what the gate stops or lets go again, it asks nobody for",
    "tenants.clearance.consequences.person_changed": "what the gate stops or lets go again, it asks nobody for",
    "tenants.organizations.scoping.require_same_tenant": "views look every row up within the tenant",
}
