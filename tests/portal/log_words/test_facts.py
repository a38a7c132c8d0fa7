"""Each fact that any of our sources writes of a happening has words; whoever writes a new one has to find them."""

import ast
import re
from collections.abc import Iterator

import pytest
from django.utils.translation import override

from portal.log_words.facts import CODES, FACTS, WORDS, fact_said, kind_in_words, subject_said
from portal.log_words.said import Said
from portal.security.audit.verification import Fault
from portal.sign_in.recovery import Proof
from recognition.edge.kinds import AlarmKind
from tenants.organizations.roles import Permission, Role
from tests.architecture.source import HOUSES, files, parsed

WRITES = {"Happening", "note_read", "ring", "tell"}
NOT_FACTS = {"user", "tenant", "subject", "kind", "actor", "tenant_id", "facts", "at", "is_kept", "rule"}
COUNTS = {"broken", "count", "downloads", "gone", "minutes", "seconds", "seen", "statements", "unexplained"}
LANGUAGES = ("zh-hans", "en")
OF_A_KIND = re.compile(r"([a-z]+):$")


def writes(tree: ast.AST) -> bool:
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return any(getattr(call, "id", getattr(call, "attr", "")) in WRITES for call in calls)


def pairs(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Every name and value of the dictionaries within a node."""
    for part in ast.walk(node):
        if isinstance(part, ast.Dict):
            keys = zip(part.keys, part.values, strict=True)
            yield from ((key.value, value) for key, value in keys if isinstance(key, ast.Constant))


def facts(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Every fact of a source: of what is called `facts`, and what `note_read` gets besides."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                yield from _assigned(target, node.value)
        elif isinstance(node, ast.keyword) and node.arg == "facts":
            yield from pairs(node.value)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "note_read":
            yield from ((one.arg, one.value) for one in node.keywords if one.arg and one.arg not in NOT_FACTS)


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name) and target.id == "facts":
        yield from pairs(value)
    elif isinstance(target, ast.Subscript) and getattr(target.value, "id", "") == "facts":
        yield ast.literal_eval(target.slice), value


def written() -> list[tuple[str, ast.expr]]:
    trees = [tree for path in files(*HOUSES) if writes(tree := parsed(path))]
    return [fact for tree in trees for fact in facts(tree)]


def test_every_fact_that_is_written_has_a_name_and_no_name_is_left_over() -> None:
    assert {name for name, _value in written()} == set(FACTS)


def test_every_fact_is_a_number_a_code_for_machines_or_has_words() -> None:
    assert set(FACTS) - COUNTS - CODES - set(WORDS) == {"about"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_that_stands_in_the_source_has_words(language: str) -> None:
    codes = [(name, value.value) for name, value in written() if isinstance(value, ast.Constant)]
    codes += [("alarm", kind.value) for kind in AlarmKind] + [("fault", fault.value) for fault in Fault]
    codes += [("right", right.value) for right in Permission] + [("what", right.value) for right in Permission]
    codes += [("role", role.value) for role in Role] + [("proof", proof.value) for proof in Proof]
    codes += [("what", what) for what in ("audit-changes", "audit-reads", "people", "devices", "organizations.handler")]
    assert len(codes) > 60
    with override(language):
        said = {(name, code): fact_said(name, code) for name, code in codes if name not in CODES}
    assert [key for key, one in said.items() if one.code or not one.words] == []
    if language == "zh-hans":
        assert [one for one in said.values() if re.search(r"[a-z]{3}", one.words.replace("API", ""))] == []


def named() -> set[str]:
    """Every kind by which a source names somebody or something, `f"user:{pk}"`."""
    found = set()
    for path in files(*HOUSES):
        tree = parsed(path)
        if writes(tree) or "detection" in path.parts:
            texts = [node.values[0] for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) and node.values]
            starts = [OF_A_KIND.fullmatch(str(text.value)) for text in texts if isinstance(text, ast.Constant)]
            found |= {start.group(1) for start in starts if start}
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_subject_and_actor_has_words(language: str) -> None:
    kinds = named() | {"worker", "command", "database", "clock"}
    assert {"user", "person", "device", "job", "certificate", "request", "table"} <= kinds
    with override(language):
        assert [kind for kind in sorted(kinds) if not kind_in_words(kind)] == []


def test_an_id_is_a_code_and_a_number_is_grouped() -> None:
    with override("en"):
        assert fact_said("count", 12_000) == Said("12,000", "", "How many")
        assert fact_said("right", "view_home") == Said("See today's work", "", "Right")
        assert fact_said("reason", "stranger") == Said("no member there", "", "Reason")
        assert fact_said("what", "5f" * 16) == Said("", "5f" * 16, "What")
        assert fact_said("about", "person:a1") == Said("person", "a1", "Last about")
        assert subject_said("property:a1") == Said("the whole property")
        assert subject_said("=cmd()") == Said("", "=cmd()"), "what nobody knows stays as it is"


def test_the_sweep_can_fail() -> None:
    tree = ast.parse("facts = {'gossip': 'x'}\nfacts['rumour'] = 1\nnote_read(K, user=u, tale='y')")
    assert [name for name, _value in facts(tree)] == ["gossip", "rumour", "tale"]
    assert writes(tree) and not writes(ast.parse("print(1)"))
