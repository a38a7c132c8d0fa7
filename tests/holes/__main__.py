"""`python -m tests.holes`: plant one hole after the other in a copy of the source, and let the sweeps find it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from tests.holes.holes import HOLES, SWEEPS, Hole

ROOT = Path(__file__).resolve().parents[2]
NOT_SOURCE = shutil.ignore_patterns(".git", ".venv", "var", ".*cache*", "__pycache__", ".hypothesis")


@dataclass
class Result:
    """What a run of some sweeps said. `errors` are tests that could not even begin, which finds nothing."""

    passed: int = 0
    failed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def main() -> int:
    try:
        missed = run(say=lambda line: print(line, flush=True))
    except (RuntimeError, ValueError) as failure:
        print(f"holes: {failure}", flush=True)
        return 1
    print(f"holes: {len(HOLES) - missed} of {len(HOLES)} found", flush=True)
    return 1 if missed else 0


def run(*, say: Callable[[str], None], holes: tuple[Hole, ...] = HOLES) -> int:
    """Return how many holes no sweep has found. Raises RuntimeError when the sweeps fail without a hole."""
    with tempfile.TemporaryDirectory(prefix="consentry-holes-") as folder:
        whole = Path(folder) / "whole"
        copy(whole)
        sound = sweep(whole, SWEEPS)
        if sound.failed or sound.errors or not sound.passed:
            raise RuntimeError(f"without a hole the sweeps fail already: {sound}")
        say(f"holes: without one, {sound.passed} tests pass")
        return sum(not is_found(hole, Path(folder) / str(number), say) for number, hole in enumerate(holes))


def is_found(hole: Hole, tree: Path, say: Callable[[str], None]) -> bool:
    """Plant it in a copy of its own and say which tests fail."""
    copy(tree)
    hole.plant(tree)
    result = sweep(tree, hole.sweeps)
    shutil.rmtree(tree)
    found = bool(result.failed) and not result.errors
    say(f"{'found ' if found else 'MISSED'} {hole.mistake} ({hole.file})")
    for name in result.failed or result.errors:
        say(f"         {name}")
    return found


def copy(tree: Path) -> None:
    shutil.copytree(ROOT, tree, ignore=NOT_SOURCE)


def sweep(tree: Path, tests: tuple[str, ...]) -> Result:
    """Run these tests of the copy, with servers of their own."""
    report = tree / "report.xml"
    inherited = ("CONSENTRY_", "DATABASE_", "BROKER_", "CACHE_", "DJANGO_", "SECRET_", "PYTEST_")
    outer = {name: value for name, value in os.environ.items() if not name.startswith(inherited)}
    command = [sys.executable, "-m", "pytest", "-n0", "-q", "--tb=no", f"--junitxml={report}", *tests]
    done = subprocess.run(
        command, cwd=tree, env=outer | {"PYTHONPATH": str(tree)}, capture_output=True, text=True, check=False
    )
    if not report.exists():
        raise RuntimeError(f"the tests did not run:\n{done.stdout}\n{done.stderr}")
    return read(report)


def read(report: Path) -> Result:
    result = Result()
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - pytest has just written it
        name = f"{case.get('classname')}.{case.get('name')}"
        if case.find("failure") is not None:
            result.failed.append(name)
        elif case.find("error") is not None:
            result.errors.append(name)
        else:
            result.passed += 1
    return result


if __name__ == "__main__":
    sys.exit(main())
