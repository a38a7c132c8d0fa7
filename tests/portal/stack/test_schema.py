"""A scratch stack's database is a copy of a migrated one, and the copy is the same to the last grant."""

import ast
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from portal.stack.failure import StackError
from portal.stack.layout import ROOT
from portal.stack.preparation import CODE
from portal.stack.schema import schema_files, taking_schema
from tests.architecture.catalogue import described

SERVER = os.environ.get("DATABASE_URL_OWNER", "").rpartition("/")[0]


@pytest.fixture
def migrated(django_db_setup: None) -> str:
    """The address of the empty database of this run."""
    return f"{SERVER}/{connection.settings_dict['NAME']}"


@pytest.fixture
def empty() -> Iterator[str]:
    name = f"empty_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {name}")
        yield f"{SERVER}/{name}"
        owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_the_copy_is_the_migrated_database(migrated: str, empty: str, tmp_path: Path) -> None:
    with taking_schema(migrated, shelf=tmp_path) as is_kept:
        assert not is_kept
    with taking_schema(empty, shelf=tmp_path) as is_kept:
        assert is_kept
    statements = described(empty)
    assert "CREATE POLICY" in "\n".join(statements)
    assert statements == described(migrated)


def test_a_copy_that_does_not_fit_is_refused_whole(migrated: str, empty: str, tmp_path: Path) -> None:
    with taking_schema(migrated, shelf=tmp_path):
        pass
    with psycopg.connect(empty) as owner:
        owner.execute("CREATE TABLE people_person ()")
    with pytest.raises(StackError, match="already exists"), taking_schema(empty, shelf=tmp_path):
        pass
    with psycopg.connect(empty) as owner:
        assert owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall() == [
            ("people_person",)
        ]


def files_imported_by(file: Path) -> set[Path]:
    """The files of ours that a module names in its imports; of a package all of it, unless a module is named."""
    found: set[Path] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if not isinstance(node, ast.ImportFrom) or (node.module or "").partition(".")[0] not in CODE:
            continue
        package = ROOT / str(node.module).replace(".", "/")
        for place in [package / alias.name for alias in node.names]:
            module = place.with_suffix(".py") if place.with_suffix(".py").is_file() else package.with_suffix(".py")
            folder = place if place.is_dir() else package
            found |= {module} if module.is_file() else set(folder.glob("*.py"))
    return found


def test_whatever_migrations_and_walls_are_made_from_decides_the_copy() -> None:
    """A change there makes the tables anew; a change of a page does not."""
    decisive = set(schema_files())
    makers = {file for file in decisive if file.parent.name == "migrations"}
    makers.add(ROOT / "portal" / "security" / "apply.py")  # which writes the walls after every migration
    assert len(makers) > 50
    followed: set[Path] = set()
    while waiting := makers - followed:
        followed |= waiting
        makers |= {found for file in waiting for found in files_imported_by(file) if found.is_file()}
    assert sorted(makers - decisive) == []
    assert not any("views" in file.parts for file in decisive)
