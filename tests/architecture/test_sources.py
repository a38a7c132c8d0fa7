"""What our own source never does: run what it was sent, read it by an unsafe form, or connect where nobody said so."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from celery import current_app
from django.conf import settings

from tests.architecture.source import HOUSES, ROOT, files, name, parsed

# Who may speak to the network, and to whom (docs/security.md, "Connections").
TALKERS = {
    "portal/stack/health.py": "its own web process, on this machine",
    "portal/stack/preflight.py": "the port that web is to listen on",
    "portal/stack/valkey.py": "its own Valkey, by a unix socket",
    "tenants/people/senders/gateway.py": "the SMS gateway that the settings name",
    "portal/security/alerts/posting.py": "a property's webhook, on the open internet alone (its tests show it)",
    "portal/client/calls.py": "the portal, from a member's own program",
    "portal/client/portal.py": "the portal, by calls.py",
    "recognition/engine/fetching.py": "the address on a model's card, by an operator's command",
    "recognition/edge/agent/control.py": "the terminal's own console, by a unix socket",
    "recognition/edge/agent/client.py": "the portal, from a terminal",
    "recognition/edge/agent/signing.py": "the portal, from a terminal",
}
NETWORK = ("aiohttp", "ftplib", "http.client", "httpx", "requests", "smtplib", "socket", "urllib.request", "urllib3")
# Names of exceptions only; nothing is connected.
ERRORS_ONLY = {
    "portal/security/audit/mailed.py",
    "portal/redaction.py",
    "portal/sign_in/invitations.py",
    "portal/web/directories.py",
    "tenants/people/senders/mail.py",
}
UNSAFE_FORMS = ("dill", "jsonpickle", "marshal", "pickle", "shelve", "yaml")
PARSERS_OF_XML = ("lxml", "xml", "xmltodict")
# Starts a program by a list of words, never by a line for a shell.
STARTERS = ("portal/stack/", "portal/security/backups.py")
COMMANDS = ("os.system", "os.popen", "pty", "commands", "subprocess")
# In scripts: text becomes HTML or code, or stays in the browser.
RISKY_SCRIPT = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|__proto__|postMessage|"
    r"sessionStorage|indexedDB|document\.cookie|setTimeout\(\s*[\"'`]"
)


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def uses(tree: ast.AST, modules: tuple[str, ...]) -> bool:
    return any(found == module or found.startswith(f"{module}.") for found in imported(tree) for module in modules)


def importers(*modules: str) -> set[str]:
    return {name(path) for path in files(*HOUSES) if uses(parsed(path), modules)}


def runs_text(tree: ast.AST) -> bool:
    """Whether a piece of source calls eval, exec or compile."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return any(isinstance(func, ast.Name) and func.id in {"eval", "exec", "compile"} for func in calls)


def scripts() -> list[Path]:
    return sorted((ROOT / "static" / "js").glob("*.js"))


def test_only_these_files_connect_anywhere() -> None:
    assert importers(*NETWORK) - ERRORS_ONLY == set(TALKERS)


def test_no_text_is_run_and_no_command_is_made_of_one() -> None:
    assert [name(path) for path in files(*HOUSES) if runs_text(parsed(path))] == []
    assert {found for found in importers(*COMMANDS) if not found.startswith(STARTERS)} == set()


def test_what_arrives_is_read_by_no_form_that_makes_objects() -> None:
    assert importers(*UNSAFE_FORMS, *PARSERS_OF_XML) == set()
    assert list(current_app.conf.accept_content) == ["json"] and current_app.conf.task_serializer == "json"
    assert settings.SESSION_SERIALIZER.endswith("JSONSerializer")


def test_scripts_make_no_code_of_text_and_keep_two_choices_of_appearance() -> None:
    assert len(scripts()) > 5
    risky = {path.name: found for path in scripts() if (found := RISKY_SCRIPT.findall(path.read_text()))}
    assert risky == {}
    keepers = {path.name for path in scripts() if "localStorage" in path.read_text()}
    assert keepers == {"theme.js", "keys.js"}
    texts = "".join((ROOT / "static" / "js" / name).read_text() for name in keepers)
    assert set(re.findall(r"(?:read|write|getItem|setItem)\(\"([^\"]+)\"", texts)) == {"theme", "keys"}


def test_the_sweeps_of_sources_can_fail() -> None:
    assert uses(ast.parse("from urllib.request import urlopen"), NETWORK)
    assert uses(ast.parse("from urllib import request"), NETWORK)
    assert uses(ast.parse("import pickle"), UNSAFE_FORMS) and not uses(ast.parse("import pickles"), UNSAFE_FORMS)
    assert runs_text(ast.parse("eval('1')")) and not runs_text(ast.parse("re.compile('1')"))
    assert RISKY_SCRIPT.search("box.innerHTML = name") and not RISKY_SCRIPT.search("box.textContent = name")
