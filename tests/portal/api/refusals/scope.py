"""What the names in one function stand for, as far as the source says it."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from types import FunctionType, MethodType, ModuleType
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.functional import cached_property as django_cached_property

from tests.portal.api.refusals import kinds

DEEPEST = 6
TRANSLATING = {"_", "gettext", "gettext_lazy", "str", "ngettext"}


@dataclass(frozen=True)
class Of:
    """Some value of a class."""

    kind: type


def plain(thing: Any) -> Any:
    """Return the function inside a property, a method, or a decorator that says what it wraps."""
    if isinstance(thing, property):
        thing = thing.fget
    elif isinstance(thing, (cached_property, django_cached_property)):
        thing = thing.func
    elif isinstance(thing, (MethodType, staticmethod, classmethod)):
        thing = thing.__func__
    return inspect.unwrap(thing) if isinstance(thing, FunctionType) or hasattr(thing, "__wrapped__") else thing


def methods(kind: type, name: str) -> Iterator[Any]:
    """Every definition of a method in a class and what it inherits, as far as it is ours."""
    for one in kind.__mro__:
        if kinds.is_ours(one) and name in vars(one):
            yield vars(one)[name]


@cache
def parsed(function: FunctionType) -> ast.Module | None:
    """None for what a library has made: it has no source of ours."""
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, SyntaxError):
        return None


class Scope:
    def __init__(self, function: FunctionType, kind: type | None, tree: ast.Module) -> None:
        self.kind = kind
        closure = zip(function.__code__.co_freevars, function.__closure__ or (), strict=False)
        self._names = function.__globals__ | {name: cell.cell_contents for name, cell in closure}
        self._assigned: dict[str, list[ast.expr]] = {}
        self._annotations: dict[str, ast.expr] = {}
        self._parameters: set[str] = set()
        for node in ast.walk(tree):
            self._learn(node, function.__module__)

    def _learn(self, node: ast.AST, module: str) -> None:
        if isinstance(node, ast.ImportFrom):
            exec(ast.unparse(node), {"__name__": module}, self._names)  # noqa: S102 - an import of our own source
        elif isinstance(node, ast.arg):
            self._parameters.add(node.arg)
            if node.annotation is not None:
                self._annotations[node.arg] = node.annotation
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            self._annotations[node.target.id] = node.annotation
            self._assign(node.target, node.value or node.annotation)
        elif isinstance(node, ast.NamedExpr):
            self._assign(node.target, node.value)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self._assign(target, node.value)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._assigned.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Tuple):
            parts = value.elts if isinstance(value, ast.Tuple) else [value] * len(target.elts)
            for one, part in zip(target.elts, parts, strict=False):
                self._assign(one, part)

    def value(self, node: ast.expr, depth: int = 0) -> Any:
        """Return what an expression stands for: the thing itself, `Of` its class, or None for unknown."""
        if depth > DEEPEST:
            return None
        if isinstance(node, ast.Name):
            return self._name(node.id, depth)
        if isinstance(node, ast.Attribute):
            return self._attribute(self.value(node.value, depth + 1), node.attr)
        if isinstance(node, ast.Call):
            return self._made(node, depth)
        if isinstance(node, ast.BoolOp):
            return self._first(node.values, depth)
        if isinstance(node, ast.IfExp):
            return self._first([node.body, node.orelse], depth)
        return None

    def _first(self, nodes: list[ast.expr], depth: int) -> Any:
        return next((found for node in nodes if (found := self.value(node, depth + 1)) is not None), None)

    def _name(self, name: str, depth: int) -> Any:
        if name in {"self", "cls"} and self.kind:
            return Of(self.kind)
        if name in self._annotations and (kind := self._annotated(self._annotations[name])):
            return Of(kind)
        if name in self._assigned:
            return self._first(self._assigned[name], depth)
        return None if name in self._parameters else self._names.get(name)

    def _annotated(self, node: ast.expr) -> type | None:
        """Return the class of an annotation, the first one of several."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node = ast.parse(node.value, mode="eval").body
        if isinstance(node, ast.BinOp):
            return self._annotated(node.left) or self._annotated(node.right)
        found = self._names.get(node.id) if isinstance(node, ast.Name) else None
        return found if isinstance(found, type) else None

    def _attribute(self, owner: Any, name: str) -> Any:
        if isinstance(owner, Of):
            found = inspect.getattr_static(owner.kind, name, None)
            return self._returned(found) if isinstance(found, property) else found
        try:
            return getattr(owner, name, None)
        except Exception:
            return None

    def _made(self, call: ast.Call, depth: int) -> Any:
        if ast.unparse(call) == "super()":
            return Of(self.kind) if self.kind else None
        made = self.value(call.func, depth + 1)
        return Of(made) if isinstance(made, type) else self._returned(made) or self._row(call.func)

    def _returned(self, function: Any) -> Any:
        function = plain(function)
        if not isinstance(function, FunctionType) or not kinds.is_ours(function):
            return None
        told = function.__annotations__.get("return")
        told = function.__globals__.get(told) if isinstance(told, str) else told
        return Of(told) if isinstance(told, type) and kinds.is_ours(told) else None

    def _row(self, node: ast.expr) -> Any:
        """`Zone.objects.select_for_update().get(…)` is a zone, as far as anybody can see from outside."""
        for inner in ast.walk(node):
            found = self._names.get(inner.id) if isinstance(inner, ast.Name) else None
            if isinstance(found, type) and issubclass(found, Model):
                return Of(found)
        return None

    def named(self, node: ast.Name | ast.Attribute) -> Iterator[tuple[Any, type | None]]:
        """Return what a name may lead to, each with the class that is its `self`."""
        if isinstance(node, ast.Name):
            if node.id not in self._parameters and node.id not in self._assigned:
                yield self._names.get(node.id), None
            return
        owner = self.value(node.value)
        if owner is None:
            yield from kinds.every_method().get(node.attr, ())
        elif isinstance(owner, ModuleType):
            yield getattr(owner, node.attr, None), None
        else:
            kind = owner.kind if isinstance(owner, Of) else owner if isinstance(owner, type) else type(owner)
            yield from ((method, kind) for method in methods(kind, node.attr))

    def texts(self, node: ast.expr) -> list[str] | None:
        """Return every text that an expression may be, None where that cannot be seen."""
        if isinstance(node, ast.Constant):
            return [node.value] if isinstance(node.value, str) else None
        if isinstance(node, ast.IfExp):
            return self._all_texts([node.body, node.orelse])
        if isinstance(node, ast.Name) and node.id in self._assigned:
            return self._all_texts(self._assigned[node.id])
        if isinstance(node, ast.Name) and node.id in self._parameters and node.id == "code":
            return []  # whoever calls says which, and is read for it
        found = self.value(node)
        return [str(found)] if isinstance(found, str) else None

    def _all_texts(self, nodes: list[ast.expr]) -> list[str] | None:
        several = [self.texts(node) for node in nodes]
        return None if None in several else [text for texts in several for text in texts or ()]

    def sentences(self, call: ast.Call, count: int) -> list[list[str]]:
        """Return the English sentences of each of so many codes of an error, none where they are made of parts."""
        told = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "refusal")]
        said = next((found for node in told if (found := self.said(node, call.lineno))), [])
        return said if len(said) == count else [*said[-1:], []][:1] * count

    def said(self, node: ast.expr, line: int) -> list[list[str]]:
        """Return the texts that an expression in this line may be, those of each assignment together."""
        if isinstance(node, ast.Name) and node.id in self._assigned:
            before = [one for one in self._assigned[node.id] if one.lineno <= line]
            return [group for one in before for group in self.said(one, line)]
        if isinstance(node, ast.IfExp):
            either = [*self.said(node.body, line), *self.said(node.orelse, line)]
            return [[text for group in either for text in group]]
        if isinstance(node, ast.Call) and ast.unparse(node.func) in TRANSLATING and node.args:
            inner = node.args[1 if ast.unparse(node.func) == "ngettext" else 0]
            return [[str(inner.value)]] if isinstance(inner, ast.Constant) else self.said(inner, line)
        if isinstance(node, ast.BinOp):
            return self.said(node.left, line)
        thing = self._names.get(node.id) if isinstance(node, ast.Name) else None
        return [[kinds.plain_text(thing)]] if isinstance(thing, Promise) else []
