"""One operation, followed."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from types import FunctionType
from typing import Any

from celery import Task
from rest_framework.serializers import Serializer

from tests.portal.api.refusals import kinds, told
from tests.portal.api.refusals.scope import Of, Scope, methods, parsed, plain

# How views have what was sent read, in the body and behind the question mark.
READERS = {"self.read", "self.read_query"}


@dataclass
class Found:
    """Codes with their status, and the English sentences beside them; `general` are those of any shape or row."""

    codes: set[tuple[int, str]] = field(default_factory=set)
    sentences: dict[str, set[str]] = field(default_factory=dict)
    general: dict[str, set[str]] = field(default_factory=dict)

    def add(self, status: int, code: str, *sentences: str) -> None:
        self.codes.add((status, code))
        self.sentences.setdefault(code, set()).update(filter(None, sentences))

    def add_general(self, refusals: Iterator[tuple[str, str]]) -> None:
        for code, sentence in refusals:
            self.codes.add((kinds.BAD_REQUEST, code))
            if sentence:
                self.general.setdefault(code, set()).add(sentence)

    def by_status(self) -> dict[str, str]:
        statuses = sorted({status for status, _code in self.codes})
        return {str(one): " ".join(sorted(code for status, code in self.codes if status == one)) for one in statuses}


class Walk:
    """From a function of a view through everything that it names."""

    def __init__(self) -> None:
        self.found = Found()
        self._seen: set[tuple[Any, type | None]] = set()
        self._to_do: list[tuple[FunctionType, type | None]] = []

    def of(self, view: type, action: str) -> Found:
        for method in methods(view, action):
            self._follow(method, view)
        if action == "list":
            self.found.add_general(kinds.refusals_of_filters(view))
        while self._to_do:
            self._read(*self._to_do.pop())
        return self.found

    def _follow(self, thing: Any, kind: type | None = None) -> None:
        """Put on the list what is named: a function, what a class does when it is made, each of several."""
        if isinstance(thing, Task):
            return  # a worker does it afterwards, and nobody waits for its answer here
        if isinstance(thing, partial):
            thing = thing.func
        if isinstance(thing, (list, tuple, set, frozenset, dict)):
            for one in thing.values() if isinstance(thing, dict) else thing:
                if isinstance(plain(one), FunctionType):
                    self._follow(one)
            return
        thing = plain(thing)
        if not isinstance(thing, (FunctionType, type)) or not kinds.is_ours(thing) or (thing, kind) in self._seen:
            return
        self._seen.add((thing, kind))
        if isinstance(thing, FunctionType):
            self._to_do.append((thing, kind))
            return
        for name in kinds.entered_of(thing):
            for method in methods(thing, name):
                self._follow(method, thing)

    def _read_shape(self, shape: type[Serializer]) -> None:
        """What is sent is read by a shape: by its fields, and by the methods of each shape in it."""
        self.found.add_general(kinds.refusals_of_shape(shape))
        for one in kinds.shapes_in(shape):
            self._follow(one)

    def _read(self, function: FunctionType, kind: type | None) -> None:
        place, tree = f"{function.__module__}.{function.__qualname__}", parsed(function)
        if place in told.ELSEWHERE:
            return
        for status, code, sentence in told.TOLD.get(place, tuple)():
            self.found.add(status, code, sentence)
        if tree is None:
            return
        scope = Scope(function, kind, tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                self._read_call(node, scope, place)
            elif isinstance(node, ast.Raise) and node.exc is not None and not isinstance(node.exc, ast.Call):
                self._raised_without_code(scope.value(node.exc))
            elif isinstance(node, ast.Name | ast.Attribute):
                for thing, owner in scope.named(node):
                    self._follow(thing, owner)

    def _raised_without_code(self, kind: Any) -> None:
        if default := kinds.default_of(kind):
            self.found.add(*default)

    def _read_call(self, call: ast.Call, scope: Scope, place: str) -> None:
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"full_clean", "clean_fields"}:
            row = Of(told.ROWS[place]) if place in told.ROWS else scope.value(call.func.value)
            if not isinstance(row, Of):
                raise LookupError(f"{place}: of which class is {ast.unparse(call.func.value)}? Say so in told.ROWS.")
            self.found.add_general(kinds.refusals_of_model(row.kind))
        target = scope.value(call.func)
        is_read = ast.unparse(call.func) in READERS and call.args
        shape = scope.value(call.args[0]) if is_read else argument(call, target, "data") and target
        if isinstance(shape, type) and issubclass(shape, Serializer):
            self._read_shape(shape)
        # `super().__init__(…)` in an error of ours says what the error says.
        status = kinds.status_of(scope.kind if ast.unparse(call.func) == "super().__init__" else target)
        code = argument(call, target, "code")
        if isinstance(target, type) and kinds.is_ours(target) and "__init__" in vars(target):
            if "default_code" in vars(target):
                self._raised_without_code(target)
            return  # what else it may say stands in there
        if refuses_with_its_code(plain(target)):
            own = code.value if isinstance(code, ast.Constant) else default(plain(target), "code")
            self.found.add(kinds.BAD_REQUEST, str(own), *scope.sentences(call, 1)[0])
        elif code is None:
            self._raised_without_code(target)
        elif status is not None:
            texts = scope.texts(code)
            if texts is None and place not in told.TOLD:
                raise LookupError(f"{place}: which codes are {ast.unparse(code)}? Say so in told.TOLD.")
            for text, said in zip(texts or (), scope.sentences(call, len(texts or ())), strict=True):
                self.found.add(status, text, *said)


def refuses_with_its_code(function: Any) -> bool:
    """Whether a function makes an error of the code that it is given."""
    if not isinstance(function, FunctionType) or not kinds.is_ours(function):
        return False
    tree = parsed(function) if "code" in inspect.signature(function).parameters else None
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call)) if tree else ()
    return any(
        ast.unparse(call.func).endswith("ValidationError") and ast.unparse(keyword) == "code=code"
        for call in calls
        for keyword in call.keywords
    )


def default(function: FunctionType, name: str) -> Any:
    return inspect.signature(function).parameters[name].default


def argument(call: ast.Call, target: Any, name: str) -> ast.expr | None:
    """Return what a call gives for a parameter, by its name or its place."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    target = plain(target)
    if not isinstance(target, (FunctionType, type)):
        return None
    try:
        names = list(inspect.signature(target).parameters)
    except (TypeError, ValueError):
        return None
    place = names.index(name) if name in names else len(call.args)
    return call.args[place] if place < len(call.args) else None
