"""The file: each operation's codes by status, and what each code says in English."""

import json
from collections.abc import Iterator
from typing import Any

from portal.api.authentication import DeviceSignature
from portal.api.refusals import name_of
from portal.api.tokens import MemberToken
from portal.api.urls import urlpatterns
from portal.api.views.foundation import ApiViews, MemberViews
from portal.api.views.public import PublicViews
from portal.api.views.terminals import TerminalViews
from tests.portal.api.refusals import kinds
from tests.portal.api.refusals.walk import Found, Walk

DOORS: tuple[tuple[type, str], ...] = (
    (MemberToken, "authenticate"),
    (DeviceSignature, "authenticate"),
    (MemberViews, "initial"),
    (PublicViews, "initial"),
    (TerminalViews, "initial"),
)


def written() -> str:
    """Return what the file has to say."""
    operations: dict[str, dict[str, str]] = {}
    said: dict[str, set[str]] = {}
    general: dict[str, set[str]] = {}
    for view, action in actions():
        found = Walk().of(view, action)
        operations[name_of(view, action)] = found.by_status()
        _merge(said, found.sentences)
        _merge(general, found.general)
    for found in at_the_doors():
        _merge(said, found.sentences)
    _merge(said, kinds.said_before())
    # What a shape or a model says of any field comes first, and is enough.
    sentences = {code: sorted(general.get(code) or said[code]) for code in sorted({*said, *general})}
    told = {"operations": dict(sorted(operations.items())), "sentences": sentences}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def at_the_doors() -> Iterator[Found]:
    """What stands before every action: who it is, what they may, what they send."""
    for kind, method in DOORS:
        yield Walk().of(kind, method)


def actions() -> Iterator[tuple[type[ApiViews], str]]:
    """Each function of a view that an address leads to, once."""
    found = {}
    for pattern in _patterns(urlpatterns):
        view = getattr(pattern.callback, "cls", None)
        if view is not None and issubclass(view, ApiViews):
            found |= {(view, action): None for action in pattern.callback.actions.values()}
    yield from found


def _patterns(patterns: list[Any]) -> Iterator[Any]:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern


def _merge(into: dict[str, set[str]], found: dict[str, set[str]]) -> None:
    for code, sentences in found.items():
        into.setdefault(code, set()).update(sentences)
