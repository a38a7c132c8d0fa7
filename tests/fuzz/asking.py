"""One caller's run through all operations: what was answered, and what was wrong."""

import re
from collections import Counter
from collections.abc import Callable
from itertools import cycle
from typing import Any
from uuid import UUID

import schemathesis
from django.urls import resolve
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.core.failures import FailureGroup

from tests.architecture.routes import Route
from tests.architecture.rows import Rows
from tests.fuzz.callers import Caller
from tests.fuzz.canaries import Scan
from tests.portal.api.test_schema import CHECKS

Operation = Any  # schemathesis gives its own no public type
SAMPLE = "00000000-0000-4000-8000-000000000000"
# What an id in a body means where the field is not called as its row.
NOUNS = {"access_point": "door", "parent": "zone", "into": "request", "order": "loss"}
# Reading first, then writing; what ends something last, so that the others still find it.
ENDS = ("/retire/", "/stop/", "/suspend/", "/end/", "/death/", "/lift/", "/merge/", "/refuse/")
METHODS = ("get", "post", "patch", "put", "delete")


def in_order(operations: list[Operation]) -> list[Operation]:
    def rank(operation: Operation) -> tuple[int, bool]:
        return METHODS.index(operation.method.lower()), operation.path.endswith(ENDS)

    return sorted(operations, key=rank)


class Fuzz:
    """`forget` empties the shared counters, so that no limit stands before what is to be tried."""

    def __init__(
        self, caller: Caller, *, url: str, ours: Rows, foreign: Rows, scan: Scan, forget: Callable[[], object]
    ) -> None:
        self.caller, self.url, self.ours, self.scan, self._forget = caller, url, ours, scan, forget
        self.statuses: Counter[int] = Counter()
        self.wrong: dict[str, str] = {}
        # One in six keeps the keys that were made up, one asks for what is the other property's.
        self._rows = cycle([ours, ours, None, ours, ours, foreign])

    @property
    def cases(self) -> int:
        return self.statuses.total()

    def run(self, operations: list[Operation], *, cases: int, first_seed: int) -> None:
        """Go through all of them until so many cases were tried; later rounds read what earlier ones have written."""
        number = first_seed
        while self.cases < cases and (left := [one for one in in_order(operations) if one.label not in self.wrong]):
            each = max(1, (cases - self.cases) // len(left))
            for operation in left:
                self.probe(operation, count=each, number=number)
            number += 1000

    def probe(self, operation: Operation, *, count: int, number: int) -> None:
        """Ask one operation; the first wrong answer of each is kept and the operation not asked again."""
        quiet = settings(
            max_examples=count,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        try:
            seed(number)(quiet(given(case=operation.as_strategy())(lambda case: self.ask(case))))()  # noqa: PLW0108 - given() takes no method
        except FailureGroup as failures:
            self.wrong[operation.label] = "; ".join(str(one) for one in failures.exceptions)
        except Exception as failure:  # whatever it is, it is a finding
            self.wrong[operation.label] = f"{type(failure).__name__}: {failure}"

    def ask(self, case: schemathesis.Case) -> None:
        rows = next(self._rows)
        case.path_parameters = self._keys(case, rows)
        if rows is not None:
            case.query = {name: known(name, value, rows) for name, value in dict(case.query or {}).items()}
            if isinstance(case.body, dict):
                case.body = {name: known(name, value, rows) for name, value in case.body.items()}
        self._forget()
        answer = case.call(base_url=self.url, session=self.caller.session, headers=self.caller.headers)
        self.statuses[answer.status_code] += 1
        asked = f"{case.formatted_path} {case.query} {case.body!r}"
        leaks = self.scan.leaks(asked=asked, told=f"{answer.headers} {answer.text}")
        assert not leaks, f"{asked} shows {leaks} of the other property"
        case.validate_response(answer, checks=list(CHECKS))

    def _keys(self, case: schemathesis.Case, rows: Rows | None) -> dict[str, Any]:
        """The keys of an address: those of real rows where one is known, else what was generated."""
        generated = dict(case.path_parameters or {})
        slug = {"slug": self.ours.tenant.slug} if "slug" in generated else {}
        if rows is None:
            return generated | slug
        path = re.sub(r"{id}|{pk}", SAMPLE, case.path).replace("{slug}", "a")
        try:
            route = Route(case.path, resolve(re.sub(r"{\w+}", "1", path)).view_name, (), None)
            found = {name: str(route._value("pk" if name == "id" else name, rows)) for name in generated}
        except (AssertionError, KeyError, LookupError):
            found = {}
        return generated | found | slug


def known(name: str, value: Any, rows: Rows) -> Any:
    """A made-up id in a body or a query, replaced by that of a real row where its name says of which."""
    if isinstance(value, list):
        return [known(name.removesuffix("s"), one, rows) for one in value]
    noun = NOUNS.get(name, name)
    if noun not in rows.ids or not isinstance(value, str):
        return value
    try:
        UUID(value)
    except ValueError:
        return value
    return str(rows.ids[noun])
