"""Every service that changes a fact of the gate holds the property's facts first, and says so at the end."""

import ast

import pytest

from tests.architecture import source

# Who opens the block in which a change is made; `watching` holds the facts as its first act.
HOLDERS = {"hold_facts", "watching"}


def called(node: ast.AST) -> list[str]:
    """Return the names of what is called in a node, in the order of the source."""
    calls = [found for found in ast.walk(node) if isinstance(found, ast.Call)]
    calls.sort(key=lambda call: (call.lineno, call.col_offset))
    return [ast.unparse(call.func).split(".")[-1] for call in calls]


def touches_rows(names: list[str]) -> int | None:
    """Return the place of the first call that locks or writes a row, None without one."""
    for place, name in enumerate(names):
        if name in {"select_for_update", "save", "create", "bulk_create", "update", "delete"} or name.startswith(
            "lock"
        ):
            return place
    return None


def faults(tree: ast.AST) -> list[str]:
    found = []
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        names = called(function)
        if "facts_changed" not in names or function.name in {"facts_changed", "person_changed"}:
            continue
        held = min((names.index(holder) for holder in HOLDERS if holder in names), default=None)
        touched = touches_rows(names)
        if held is None or (touched is not None and touched < held):
            found.append(function.name)
    return found


def test_every_change_of_a_fact_waits_for_the_one_before() -> None:
    found = {source.name(path): names for path in source.files("tenants") if (names := faults(source.parsed(path)))}
    assert found == {}


@pytest.mark.parametrize(
    "body",
    [
        "facts_changed(tenant=tenant)",
        "door.save(); hold_facts(tenant=tenant); facts_changed(tenant=tenant)",
        "Zone.objects.select_for_update().get(pk=1); hold_facts(tenant=tenant); facts_changed(tenant=tenant)",
    ],
)
def test_the_sweep_can_fail(body: str) -> None:
    assert faults(ast.parse(f"def change(tenant):\n    {body}")) == ["change"]
