"""What the walk knows of classes: which ones are errors and with which status, and what a shape refuses by itself."""

import inspect
import json
import sys
from collections.abc import Iterator
from functools import cache
from types import FunctionType
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as RuleBroken
from django.db.models import Field as Column
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import override
from django.views import View
from django_filters import FilterSet
from rest_framework import exceptions, serializers
from rest_framework.exceptions import APIException, ErrorDetail
from rest_framework.exceptions import ValidationError as ShapeBroken
from rest_framework.serializers import Serializer

from portal.api import problems
from portal.api.tls import TlsOnly
from portal.sign_in.second_factor import refusal
from tenants.people.services.minors import RecordClosed

HOUSES = ("portal", "tenants", "recognition")
# What no service of the API ends up in: pages, commands, the reference terminal.
OUTSIDE = ("portal.web", "portal.admin", "portal.stack", "recognition.edge.agent")
TOGETHER = "%(model_name)s with this %(field_labels)s already exists."  # Django's
BAD_REQUEST, NOT_ALLOWED, NOT_FOUND = 400, 403, 404


def plain_text(text: str | Promise) -> str:
    """Return the English of a text as the catalogues know it."""
    with override(None):
        return str(text)


def is_ours(thing: Any) -> bool:
    return str(getattr(thing, "__module__", "") or "").partition(".")[0] in HOUSES


def status_of(kind: Any) -> int | None:
    """Return the status that an error of this class becomes (portal/api/problems.py), None for no error."""
    if not isinstance(kind, type):
        return None
    if issubclass(kind, RecordClosed):
        return NOT_ALLOWED
    if issubclass(kind, (RuleBroken, ShapeBroken, ErrorDetail)):
        return BAD_REQUEST
    return int(kind.status_code) if issubclass(kind, APIException) else None


def default_of(kind: Any) -> tuple[int, str, str] | None:
    """Return what an error is answered as that is raised without a code."""
    if not isinstance(kind, type):
        return None
    if issubclass(kind, Http404):
        return NOT_FOUND, "not_found", ""
    if issubclass(kind, PermissionDenied):
        return NOT_ALLOWED, "permission_denied", ""
    if issubclass(kind, APIException) and not issubclass(kind, ShapeBroken) and kind.default_code != "error":
        return int(kind.status_code), kind.default_code, plain_text(kind.default_detail)
    return None


def entered_of(kind: type) -> tuple[str, ...]:
    """Return the methods that run when something of this class is made or, for a shape, read."""
    if issubclass(kind, Serializer):
        return tuple(name for one in kind.__mro__ if is_ours(one) for name, part in vars(one).items() if callable(part))
    return ("__init__", "__post_init__", "__enter__", "__exit__")


@cache
def every_method() -> dict[str, list[tuple[Any, type]]]:
    """Each method of our classes by its name: what a call on something unknown may mean.

    A name that Django's rows and Python's own values have is taken for theirs.
    """
    found: dict[str, list[tuple[Any, type]]] = {}
    theirs = {name for kind in (QuerySet, Model, dict, list, str, set) for name in dir(kind)}
    for kind in _our_classes():
        for name, part in vars(kind).items():
            if (
                name not in theirs
                and not name.startswith("__")
                and isinstance(part, (FunctionType, staticmethod, classmethod, property))
            ):
                found.setdefault(name, []).append((part, kind))
    return found


def _our_classes() -> Iterator[type]:
    for name, module in sorted(sys.modules.items()):
        if name.partition(".")[0] in HOUSES and not name.startswith(OUTSIDE) and ".management." not in name:
            for kind in vars(module).values():
                is_its_own = inspect.isclass(kind) and kind.__module__ == name
                if is_its_own and not issubclass(kind, (View, serializers.BaseSerializer, FilterSet)):
                    yield kind


Refusals = Iterator[tuple[str, str]]


def shapes_in(kind: type[Serializer]) -> Iterator[type[Serializer]]:
    """Return a shape and those of its fields."""
    yield kind
    for field in kind().fields.values():
        inner = getattr(field, "child", field)
        if isinstance(inner, Serializer):
            yield from shapes_in(type(inner))


def refusals_of_shape(kind: type[Serializer]) -> Refusals:
    """Return what is refused by the fields of a shape: each code with DRF's own sentence."""
    yield from _of_field(kind())


def _of_field(field: serializers.Field) -> Refusals:
    said = {code: plain_text(text) for code, text in field.error_messages.items()}
    never = set() if field.required else {"required"}
    never |= {"null"} if field.allow_null else set()
    never |= {"blank"} if getattr(field, "allow_blank", False) else set()
    never |= {"empty"} if getattr(field, "allow_empty", getattr(field, "allow_empty_file", False)) else set()
    never |= {code for code in ("max_length", "min_length", "max_value", "min_value") if not _limit(field, code)}
    yield from ((code, text) for code, text in said.items() if code not in never)
    for validator in field.validators:
        if code := getattr(validator, "code", ""):
            yield code, said.get(code) or plain_text(validator.message)
    inner = getattr(field, "fields", None)
    children = inner.values() if inner else [getattr(field, "child", None), getattr(field, "pk_field", None)]
    for child in children:
        if child is not None:
            yield from _of_field(child)


def _limit(field: serializers.Field, code: str) -> bool:
    return getattr(field, code, None) is not None


def refusals_of_model(kind: type[Model]) -> Refusals:
    """Return what `full_clean` may say of a row, its constraints too."""
    for column in kind._meta.fields:
        yield from _of_column(column)
    for constraint in kind._meta.constraints:
        code = getattr(constraint, "violation_error_code", None)
        yield code or "invalid", plain_text(constraint.violation_error_message) if code else ""
        if getattr(constraint, "fields", ()) and not constraint.violation_error_code:
            yield from [("unique_together", TOGETHER)] if len(constraint.fields) > 1 else [("unique", "")]
    if kind._meta.unique_together:
        yield "unique_together", TOGETHER


def _of_column(column: Column) -> Refusals:
    said = {code: plain_text(text) for code, text in column.error_messages.items()}
    wrong = {getattr(validator, "code", "") for validator in column.validators} - {""}
    wrong |= {"invalid_choice"} if column.choices else set()
    wrong |= {"unique"} if column.unique and not column.primary_key else set()
    wrong |= set() if column.null else {"null"}
    wrong |= set() if column.blank else {"blank"}
    wrong |= {"invalid"} if column.remote_field else set()
    # Of the others a shape says the same in words of its own.
    yield from ((code, said[code] if code == "unique" else "") for code in sorted(wrong))


def refusals_of_filters(view: type) -> Refusals:
    """Return what the filters of a list refuse: those of its forms."""
    kind = _filterset(view)
    for field in kind().form.fields.values() if kind else ():
        yield from ((code, "") for code in field.error_messages if code != "required" or field.required)
        for validator in field.validators:
            yield validator.code, ""


def _filterset(view: type) -> type[FilterSet] | None:
    from django_filters.rest_framework import DjangoFilterBackend

    made = view()
    if DjangoFilterBackend not in made.filter_backends:
        return None
    found: type[FilterSet] | None = DjangoFilterBackend().get_filterset_class(made, made.queryset)
    return found


def said_before() -> dict[str, set[str]]:
    """Return what is said before a view is asked: by DRF, and by who asks for TLS and for a second factor."""
    classes = (exceptions.ParseError, exceptions.NotAuthenticated, exceptions.PermissionDenied, exceptions.NotFound)
    classes += (exceptions.NotAcceptable, exceptions.UnsupportedMediaType, exceptions.Throttled)
    classes += (problems.Conflict, TlsOnly)
    said = {kind.default_code: {plain_text(kind.default_detail)} for kind in classes}
    with override(None):
        second_factor = json.loads(refusal().content)
    return said | {second_factor["code"]: {second_factor["detail"]}}
