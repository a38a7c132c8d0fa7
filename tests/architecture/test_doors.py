"""Doors call services: no page, no API view and no admin class writes a row itself."""

import ast
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib import admin

from tests.architecture import source

DOORS = ("portal/web", "portal/api", "portal/admin")
WRITES = {
    "save", "delete", "create", "update", "get_or_create", "update_or_create",
    "bulk_create", "bulk_update", "asave", "adelete", "acreate", "aupdate",
}  # fmt: skip

# What is not a row although its method has such a name, with the reason. Receivers as they are written.
NOT_A_ROW = {
    "cache": "the shared cache",
    "context": "a template's context is a dict",
    "kwargs": "a dict",
    "initial": "a form's initial values are a dict",
    "attrs": "attributes of a widget are a dict",
    "widget.attrs": "attributes of a widget are a dict",
    "field.widget.attrs": "attributes of a widget are a dict",
    "self.fields[].widget.attrs": "attributes of a widget are a dict",
    "params": "query parameters are a dict",
    "query": "query parameters are a dict",
    "digest": "a running hash",
    "errors": "a dict",
    "image": "a picture that is written into memory",
    "obj.__dict__": "a plain dict of attributes",
    "schema": "an OpenAPI schema is a dict",
    "self": "the method of a view of this name",
}

# Calls that write all the same, each with its reason: "file: receiver.method".
ALLOWED = {
    "portal/web/views/device_facts.py: devices.update": "the service of that name",
    "portal/api/views/premises.py: devices.update": "the service of that name",
}

# Files that speak SQL all the same, each with its reason.
SPEAKS_SQL: dict[str, str] = {}

CLOSED_TO_THE_DOMAIN = ("django.http", "django.forms", "django.shortcuts", "django.views", "rest_framework")
GRAB_BAGS = {"utils", "util", "helpers", "helper", "common", "misc"}
LONGEST = 300


def receiver(node: ast.expr) -> str:
    """Write an expression down as a dotted name: calls as `()`, subscripts as `[]`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{receiver(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return f"{receiver(node.func)}()"
    if isinstance(node, ast.Subscript):
        return f"{receiver(node.value)}[]"
    return f"<{type(node).__name__.lower()}>"


def writes(tree: ast.Module) -> list[str]:
    """Every call of a writing method on something that may be a row or a queryset."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            whom = receiver(node.func.value)
            if whom not in NOT_A_ROW and not whom.endswith(".session"):
                found.append(f"{whom}.{node.func.attr}")
    return found


def closed_imports(tree: ast.Module) -> list[str]:
    """Every import of the web in the domain."""
    found = []
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for closed in CLOSED_TO_THE_DOMAIN:
            if any(name == closed or name.startswith(f"{closed}.") for name in names):
                found.append(closed)
    return found


def test_no_door_writes_a_row_itself() -> None:
    found = {f"{source.name(path)}: {call}" for path in source.files(*DOORS) for call in writes(source.parsed(path))}
    assert found - set(ALLOWED) == set(), "Call a service instead"
    assert set(ALLOWED) <= found, "An exception that nobody needs"


def test_no_door_holds_raw_sql() -> None:
    found = {
        source.name(path)
        for path in source.files(*DOORS)
        for node in ast.walk(source.parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in {"raw", "cursor", "extra"}
    }
    assert found == set(SPEAKS_SQL)


def test_the_domain_knows_no_web() -> None:
    found = {
        f"{source.name(path)}: {name}"
        for path in source.files("tenants", "recognition")
        for name in closed_imports(source.parsed(path))
    }
    assert found == set()


def test_files_are_short() -> None:
    houses = (*source.HOUSES, "tests", "bench")
    long = {source.name(path): len(path.read_text().splitlines()) for path in source.files(*houses)}
    assert {name: lines for name, lines in long.items() if lines > LONGEST} == {}


def test_no_module_is_a_grab_bag() -> None:
    found = [source.name(path) for path in source.files(*source.HOUSES, "tests") if is_grab_bag(path)]
    assert found == []


def is_grab_bag(path: Path) -> bool:
    return bool(GRAB_BAGS & {path.stem, *(part for part in path.relative_to(source.ROOT).parts[:-1])})


def saves_by_itself(options: admin.ModelAdmin) -> bool:
    """Say whether Django's own saving or deleting is reachable in this admin page."""
    cls, base = type(options), admin.ModelAdmin
    user = SimpleNamespace(has_perm=lambda *_a: True, is_active=True, is_staff=True, is_superuser=True)
    request = SimpleNamespace(user=user, method="POST", GET={}, POST={})
    may_save = options.has_add_permission(request) or options.has_change_permission(request)
    may_delete = options.has_delete_permission(request)
    deletes_itself = cls.delete_model is base.delete_model or cls.delete_queryset is base.delete_queryset
    return (may_save and cls.save_model is base.save_model) or (may_delete and deletes_itself)


def test_admin_pages_save_through_services() -> None:
    ours = [
        options
        for model, options in admin.site._registry.items()
        if model.__module__.startswith(("tenants.", "recognition."))
    ]
    assert [type(options).__name__ for options in ours if saves_by_itself(options)] == []


def test_admin_shows_no_face_and_no_person() -> None:
    """Platform staff run the portal; who lives there and what they look like is not theirs to see."""
    shown = {model._meta.app_label for model in admin.site._registry}
    assert shown.isdisjoint({"people", "vault", "enrollment", "matching", "rights"})


@pytest.mark.parametrize(
    "line",
    [
        "zone.save()",
        "Zone.objects.filter(tenant=t).update(kind='lobby')",
        "Zone.objects.create(name='x')",
        "self.object.delete()",
        "form.save()",
        "Zone.objects.bulk_create([])",
    ],
)
def test_the_sweep_of_writes_can_fail(line: str) -> None:
    assert writes(ast.parse(line))


@pytest.mark.parametrize(
    "line", ["from django.http import Http404", "import rest_framework", "from django import forms"]
)
def test_the_sweep_of_imports_can_fail(line: str) -> None:
    assert closed_imports(ast.parse(line))


def test_the_sweeps_of_names_and_admin_pages_can_fail() -> None:
    from tenants.premises.models import Zone

    assert is_grab_bag(source.ROOT / "tenants/premises/utils.py")
    assert is_grab_bag(source.ROOT / "tenants/common/zones.py")
    assert saves_by_itself(admin.ModelAdmin(Zone, admin.site))
