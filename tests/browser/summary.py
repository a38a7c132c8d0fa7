"""The table of the journeys at the end of a run: how many screens, fields and seconds each took."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from _pytest.terminal import TerminalReporter


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Print the journeys that were walked in this run, and keep the table beside the screenshots."""
    lines = list(table(rows(terminalreporter)))
    if not lines:
        return
    terminalreporter.section("journeys")
    for line in lines:
        terminalreporter.line(line)
    if folder := os.environ.get("CONSENTRY_SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / "journeys.txt").write_text("\n".join(lines) + "\n")


def rows(reporter: TerminalReporter) -> list[dict[str, Any]]:
    """Return what the journeys recorded, by their numbers; also from the other processes of a run."""
    reports = [report for report in reporter.stats.get("passed", []) if report.when == "call"]
    found = [said for report in reports for name, said in report.user_properties if name == "journey"]
    return sorted(found, key=lambda row: (row["number"], row["language"] != "zh"))


def table(found: list[dict[str, Any]]) -> Iterator[str]:
    for row in found:
        people = ", ".join(
            f"{who}: {screens} screens, {fields} fields" for who, (screens, fields) in row["people"].items()
        )
        yield f"{row['number']:>2}  {row['name']:<34} {row['language']}  {row['seconds']:>5.1f} s  {people}"
