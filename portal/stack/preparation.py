"""What the first start does and the second one skips.

Each step leaves the fingerprint of what it was made from. A step whose fingerprint is unchanged is
not repeated, so a second start takes seconds; any change of the code runs it again.
"""

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from portal.stack.children import Child, Guard
from portal.stack.failure import StackError
from portal.stack.layout import ROOT, Layout

CODE = ("portal", "tenants", "recognition")


class Preparation:
    """Runs `manage.py` steps, several at once where they do not need each other."""

    def __init__(self, *, layout: Layout, guard: Guard, say: Callable[[str], None]) -> None:
        self._layout = layout
        self._guard = guard
        self._say = say
        self._record = layout.run / "prepared.json"
        self._done: dict[str, str] = json.loads(self._record.read_text()) if self._record.exists() else {}

    def is_done(self, step: str, fingerprint: str) -> bool:
        return self._done.get(step) == fingerprint

    def mark(self, step: str, fingerprint: str) -> None:
        self._done[step] = fingerprint
        self._record.write_text(json.dumps(self._done))

    def forget(self, step: str) -> None:
        """Let a step run again although its source is unchanged: what it made is gone."""
        self._done.pop(step, None)

    def run(
        self, steps: Mapping[str, tuple[list[str], str, dict[str, str]]], *, may_fail: tuple[str, ...] = ()
    ) -> None:
        """Run the steps that are not done, side by side.

        `steps` maps a name to (arguments of manage.py, fingerprint, environment). The first failure
        stops the others and is told in one sentence; one that may fail is tried again with the next start.
        """
        children: dict[str, tuple[Child, str, float]] = {}
        try:
            for name, (arguments, fingerprint, env) in steps.items():
                if self.is_done(name, fingerprint):
                    continue
                log = self._layout.log / f"{name}.log"
                log.unlink(missing_ok=True)
                argv = [sys.executable, "manage.py", *arguments]
                child = Child(name, argv, log=log, guard=self._guard, env=env)
                child.start()
                children[name] = (child, fingerprint, time.monotonic())
            while children:
                for name, (child, fingerprint, since) in list(children.items()):
                    if child.is_running():
                        continue
                    del children[name]
                    seconds = time.monotonic() - since
                    self._finish(name, child, fingerprint, seconds, may_fail=name in may_fail)
                time.sleep(0.02)
        finally:
            for child, _, _ in children.values():
                child.stop()

    def _finish(self, name: str, child: Child, fingerprint: str, seconds: float, *, may_fail: bool) -> None:
        if child.wait():
            if may_fail:
                return
            raise StackError(f"The step “{name}” failed: {child.last_line()}", f"The whole log is {child.log}.")
        self.mark(name, fingerprint)
        self._say(f"{name} … {seconds:.1f} s")


def fingerprint(*parts: str, files: Iterable[Path] = ()) -> str:
    """A digest of texts and of the contents of files."""
    digest = hashlib.sha256("\0".join(parts).encode())
    for file in sorted(files):
        digest.update(str(file).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def code_files() -> list[Path]:
    """The source of the application, without its tests."""
    return [file for folder in CODE for file in (ROOT / folder).rglob("*.py")]


def static_files() -> list[Path]:
    return [file for file in (ROOT / "static").rglob("*") if file.is_file()]


def compile_messages(locale: Path = ROOT / "locale") -> int:
    """Compile each translation that is newer than its compiled form; give how many were."""
    compiled = 0
    for source in locale.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parents[1].name)
        draft = target.with_suffix(".mo.new")
        with draft.open("wb") as file:
            write_mo(file, catalog)
        draft.replace(target)
        compiled += 1
    return compiled
